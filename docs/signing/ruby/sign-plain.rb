# ruby sign-plain.rb 42 "Ada Lovelace" ada@shop.example
require 'json'
require 'openssl'

# The bytes of its text, also where it looks like hexadecimal.
SECRET = ENV.fetch('WIDGET_JWT_HMAC_SECRET')
raise 'WIDGET_JWT_HMAC_SECRET is empty' if SECRET.empty?

def base64url(bytes)
  [bytes].pack('m0').tr('+/', '-_').delete('=')
end

# user: who is signed in, from your own session; a hash with :id, :name, :email.
def widget_token(user)
  raise ArgumentError, 'widget_token: the user has no id' if user[:id].to_s.empty?

  now = Time.now.to_i
  claims = {
    sub: user[:id].to_s, # a number is refused
    name: user[:name],
    email: user[:email],
    iat: now,
    exp: now + 3600
  }
  signed = [{ alg: 'HS256', typ: 'JWT' }, claims.compact].map { |part| base64url(JSON.generate(part)) }.join('.')
  "#{signed}.#{base64url(OpenSSL::HMAC.digest('SHA256', SECRET, signed))}"
end

if $PROGRAM_NAME == __FILE__
  id, name, email = ARGV
  abort 'usage: ruby sign-plain.rb <id> [name] [email]' unless id
  puts widget_token(id: Integer(id, 10), name: name, email: email)
end

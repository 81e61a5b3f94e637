# ruby sign.rb 42 "Ada Lovelace" ada@shop.example
require 'jwt'

SECRET = ENV.fetch('WIDGET_JWT_HMAC_SECRET')
raise 'WIDGET_JWT_HMAC_SECRET is empty' if SECRET.empty?

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
  JWT.encode(claims.compact, SECRET, 'HS256')
end

if $PROGRAM_NAME == __FILE__
  id, name, email = ARGV
  abort 'usage: ruby sign.rb <id> [name] [email]' unless id
  puts widget_token(id: Integer(id, 10), name: name, email: email)
end

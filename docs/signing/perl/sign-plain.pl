# perl sign-plain.pl 42 "Ada Lovelace" ada@shop.example
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use Encode qw(decode);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

# $user: who is signed in, from your own session; a hash with id, name, email. Names are decoded text, not bytes.
sub widget_token {
    my ($user) = @_;
    my $secret = $ENV{WIDGET_JWT_HMAC_SECRET} or die "WIDGET_JWT_HMAC_SECRET is not set\n";
    die "widget_token: the user has no id\n" unless length($user->{id} // '');
    my $now    = time;
    my %claims = (
        sub => "$user->{id}",    # the quotes make a text of it: a number is refused
        iat => $now,
        exp => $now + 3600,
        map { defined $user->{$_} ? ($_ => $user->{$_}) : () } qw(name email),
    );
    my $signed = join '.', map { encode_base64url(encode_json($_)) } { alg => 'HS256', typ => 'JWT' }, \%claims;
    return $signed . '.' . encode_base64url(hmac_sha256($signed, $secret));
}

unless (caller) {
    my ($id, $name, $email) = map { decode('UTF-8', $_) } @ARGV;
    die qq(usage: perl sign-plain.pl <id> [name] [email]\n) unless ($id // '') =~ /^\d+$/;
    print widget_token({ id => $id + 0, name => $name, email => $email }), "\n";
}

1;

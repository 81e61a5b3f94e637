# perl sign.pl 42 "Ada Lovelace" ada@shop.example
use strict;
use warnings;
use Crypt::JWT qw(encode_jwt);
use Encode qw(decode);

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
    return encode_jwt(payload => \%claims, key => $secret, alg => 'HS256');
}

unless (caller) {
    my ($id, $name, $email) = map { decode('UTF-8', $_) } @ARGV;
    die qq(usage: perl sign.pl <id> [name] [email]\n) unless ($id // '') =~ /^\d+$/;
    print widget_token({ id => $id + 0, name => $name, email => $email }), "\n";
}

1;

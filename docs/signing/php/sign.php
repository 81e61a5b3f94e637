<?php
// php sign.php 42 "Ada Lovelace" ada@shop.example
declare(strict_types=1);

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** @param array{id: int|string, name?: ?string, email?: ?string} $user who is signed in, from your own session */
function widgetToken(array $user): string
{
    // getenv() answers false where there is none, and an empty key would sign without a complaint.
    $secret = getenv('WIDGET_JWT_HMAC_SECRET') ?: throw new RuntimeException('WIDGET_JWT_HMAC_SECRET is not set');
    if (($user['id'] ?? '') === '') {
        throw new InvalidArgumentException('widgetToken: the user has no id');
    }
    $now = time();
    $claims = array_filter([
        'sub' => (string) $user['id'], // a number is refused
        'name' => $user['name'] ?? null,
        'email' => $user['email'] ?? null,
        'iat' => $now,
        'exp' => $now + 3600,
    ], fn ($value) => $value !== null);
    $head = base64url(json_encode(['alg' => 'HS256', 'typ' => 'JWT'], JSON_THROW_ON_ERROR));
    $body = base64url(json_encode($claims, JSON_THROW_ON_ERROR));
    // The fourth argument asks for bytes; without it the signature would be hexadecimal text.
    return "$head.$body." . base64url(hash_hmac('sha256', "$head.$body", $secret, true));
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $id = filter_var($argv[1] ?? null, FILTER_VALIDATE_INT);
    if ($id === false) {
        fwrite(STDERR, "usage: php sign.php <id> [name] [email]\n");
        exit(2);
    }
    echo widgetToken(['id' => $id, 'name' => $argv[2] ?? null, 'email' => $argv[3] ?? null]), "\n";
}

// java Sign.java 42 "Ada Lovelace" ada@shop.example
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sign {
    /** Who is signed in, from your own session. */
    record User(long id, String name, String email) {}

    static String widgetToken(User user) throws GeneralSecurityException {
        String secret = System.getenv("WIDGET_JWT_HMAC_SECRET");
        if (secret == null || secret.isEmpty()) throw new IllegalStateException("WIDGET_JWT_HMAC_SECRET is not set");
        long now = Instant.now().getEpochSecond(); // seconds: System.currentTimeMillis() would be refused
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", Long.toString(user.id())); // a number is refused
        if (user.name() != null) claims.put("name", user.name());
        if (user.email() != null) claims.put("email", user.email());
        claims.put("iat", now);
        claims.put("exp", now + 3600);
        String signed = base64url(bytes(json(Map.of("alg", "HS256")))) + "." + base64url(bytes(json(claims)));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
        return signed + "." + base64url(mac.doFinal(bytes(signed)));
    }

    /** Enough for texts and whole numbers. Where you have Jackson or Gson, let it do this. */
    static String json(Map<String, Object> members) {
        return members.entrySet().stream()
            .map(member -> quote(member.getKey()) + ":"
                + (member.getValue() instanceof Long number ? number : quote(member.getValue().toString())))
            .collect(Collectors.joining(",", "{", "}"));
    }

    static String quote(String text) {
        return text.chars()
            .mapToObj(unit -> unit < ' ' || unit == '"' || unit == '\\'
                ? String.format("\\u%04x", unit)
                : String.valueOf((char) unit))
            .collect(Collectors.joining("", "\"", "\""));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static void main(String[] arguments) throws GeneralSecurityException {
        if (arguments.length == 0) {
            System.err.println("usage: java Sign.java <id> [name] [email]");
            System.exit(2);
        }
        String name = arguments.length > 1 ? arguments[1] : null;
        String email = arguments.length > 2 ? arguments[2] : null;
        System.out.println(widgetToken(new User(Long.parseLong(arguments[0]), name, email)));
    }
}

import { attributes, scriptAttributes, scriptTag, type FilesFor } from './snippet-parts.ts';

/** WordPress writes the tag itself; a filter gives it the attributes. */
export const wordPressFiles: FilesFor = (target, tokenUrl) => {
  // WordPress has an address for such calls, which sees who is signed in.
  const token = tokenUrl === undefined ? undefined : '/wp-admin/admin-ajax.php?action=chat_widget_token';
  const values = attributes(scriptAttributes(target, token));
  const code = `<?php
/**
 * Plugin Name: Chat widget
 */
defined('ABSPATH') || exit;

add_action('wp_enqueue_scripts', function () {
    wp_enqueue_script('chat-widget', '${target.server}/widget/chat.js', [], null, ['strategy' => 'async']);
});

add_filter('script_loader_tag', function ($tag, $handle) {
    return $handle === 'chat-widget' ? str_replace(' src=', '${values} src=', $tag) : $tag;
}, 10, 2);`;
  return [
    { name: 'wp-content/plugins/chat-widget.php', code: token === undefined ? code : `${code}\n\n${wordPressToken}` },
  ];
};

const wordPressToken = `function chat_widget_base64url($bytes)
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

// In wp-config.php: define('CHAT_WIDGET_SECRET', 'the secret of the agent’s key');
add_action('wp_ajax_chat_widget_token', function () {
    if (!defined('CHAT_WIDGET_SECRET') || CHAT_WIDGET_SECRET === '') {
        wp_send_json(['error' => 'CHAT_WIDGET_SECRET is not set'], 500);
    }
    $user = wp_get_current_user();
    $now = time();
    $claims = [
        'sub' => (string) $user->ID,
        'name' => $user->display_name,
        'email' => $user->user_email,
        'iat' => $now,
        'exp' => $now + 3600,
    ];
    $head = chat_widget_base64url(wp_json_encode(['alg' => 'HS256', 'typ' => 'JWT']));
    $body = chat_widget_base64url(wp_json_encode($claims));
    $signature = chat_widget_base64url(hash_hmac('sha256', "$head.$body", CHAT_WIDGET_SECRET, true));
    nocache_headers();
    wp_send_json(['token' => "$head.$body.$signature"]);
});

// Nobody is signed in.
add_action('wp_ajax_nopriv_chat_widget_token', function () {
    nocache_headers();
    wp_send_json(['token' => null]);
});`;

export const shopifyFiles: FilesFor = (target, tokenUrl) => {
  const plain = scriptTag(target.server, scriptAttributes(target, undefined));
  if (tokenUrl === undefined) return [{ name: 'layout/theme.liquid', code: plain }];
  const withSignIn = scriptAttributes(target, '/apps/chat/token');
  const identified = scriptTag(target.server, withSignIn);
  const anonymous = scriptTag(
    target.server,
    withSignIn.filter(([name]) => name !== 'data-token-url'),
  );
  const code = `{% if customer %}\n  ${identified}\n{% else %}\n  ${anonymous}\n{% endif %}`;
  return [{ name: 'layout/theme.liquid', code }];
};

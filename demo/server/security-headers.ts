import type { MiddlewareHandler } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';

/**
 * The strict policy that the widget has to live with: scripts by nonce only, no inline styles, no eval, no
 * strings where markup or scripts are expected (Trusted Types), and no connection but to the shop and the chat server.
 */
export function securityHeaders(chatOrigin: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      // 'strict-dynamic': what a script with the nonce loads is trusted too, so that the widget can fetch its panel.
      scriptSrc: [NONCE, "'strict-dynamic'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", chatOrigin],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
    referrerPolicy: 'strict-origin-when-cross-origin',
    xFrameOptions: 'DENY',
    crossOriginOpenerPolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
    // The demo runs on plain http on the own machine; pinning https for "localhost" would break its neighbours.
    strictTransportSecurity: false,
  });
}

/**
 * How long each draw of an answer seems to take, in milliseconds. A draw that took long is followed by a rest, which on a
 * busy machine could come into any test: so none takes long unless a test says so.
 */
export const pace = { drawMs: 0 };

let now = 0;
performance.now = () => (now += pace.drawMs);

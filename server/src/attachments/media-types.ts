const essence = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}$/;

/** JavaScript by any of its names: https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const script = /^(text|application)\/(x-)?(java|ecma)script$|^text\/(javascript1\.[0-5]|jscript|livescript)$/;

/** What browsers read as a page, and what some of them have run. */
const page = /^(text|application)\/(html|xml|xsl|xslt|xml-external-parsed-entity|x-server-parsed-html)$|\+xml$/;
const legacy = /^(text|application)\/(x-)?(vbscript|vbs|component|scriptlet|hta)$/;

/** What browsers run, or read as a page, when they are shown it. */
function isActive(type: string): boolean {
  return [script, page, legacy].some((kind) => kind.test(type));
}

/** The media type that a header names, without its parameters; what is none is `application/octet-stream`. */
export function readMediaType(header: string | null): string {
  const type = (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return essence.test(type) ? type : 'application/octet-stream';
}

/** Whether a setting may name this: a media type, or `image/*` for all of a kind. */
export function isMediaRange(text: string): boolean {
  return essence.test(text) || /^[a-z]+\/\*$/.test(text);
}

/** `image/*` and `text/*` never mean what a browser could run: SVG and HTML have to be named. */
export function isAccepted(type: string, ranges: readonly string[]): boolean {
  return ranges.some((range) =>
    range.endsWith('/*') ? type.startsWith(range.slice(0, -1)) && !isActive(type) : type === range,
  );
}

export function isTextual(type: string): boolean {
  return type.startsWith('text/') || /^application\/(json|xml|javascript)$|\+(json|xml)$/.test(type);
}

/** What an attachment is sent as: nothing that a browser could run is called by its name. */
export function servedType(type: string): string {
  if (isActive(type)) return 'application/octet-stream';
  return isTextual(type) ? `${type}; charset=utf-8` : type;
}

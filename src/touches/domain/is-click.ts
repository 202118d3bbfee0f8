/** What a request of a link tells about who sends it; header names in lower case. */
export interface LinkRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

// Chat programmes and search engines fetch a link to show or rank it; they say so in their name. CUBOT makes telephones.
const MACHINES =
  /(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|curl|wget|python-requests/i;

/**
 * Whether a person followed the link: neither a HEAD, nor a browser that fetches ahead (`Sec-Purpose`, and the headers that were
 * in use before it), nor a programme that says it is one. A programme that lies is left to the limits.
 */
export function isClick({ method, headers }: LinkRequest): boolean {
  if (method !== 'GET') return false;
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  if (purposes.some((purpose) => /prefetch|prerender|preview/i.test(String(purpose ?? '')))) return false;
  return !MACHINES.test(String(headers['user-agent'] ?? ''));
}

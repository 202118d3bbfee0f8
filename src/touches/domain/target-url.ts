/** The parameter under which a target hears of the click; a redemption names its value as `clickId`. */
export const CLICK_PARAMETER = 'tandem_click';

// What the oldest browsers and many shops' logs still carry.
const MAX_LENGTH = 2_000;

/** Why customers cannot be sent to this address, as a sentence that goes on after its name; null when they can. */
export function targetFault(target: string): string | null {
  if (target.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (!URL.canParse(target)) return 'must be an absolute URL such as https://shop.example/promo';
  const { protocol, username, password, hash, searchParams } = new URL(target);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') return 'must not hold a user name or a password';
  if (searchParams.has(CLICK_PARAMETER)) return `must not hold the parameter ${CLICK_PARAMETER}`;
  // Some shops route behind the hash; a parameter in front of it never gets lost there.
  return hash.includes(CLICK_PARAMETER) ? `must not hold the parameter ${CLICK_PARAMETER}` : null;
}

/** The one spelling in which a target is stored and sent: only visible ASCII, so that it can stand in a header. Takes one without fault. */
export function canonicalTarget(target: string): string {
  return new URL(target).href;
}

/**
 * The address with the click in it; what the query says already stays to the letter, since some shops sign it. Takes what
 * `canonicalTarget` answered.
 */
export function withClick(target: string, clickId: string): string {
  const hashAt = target.indexOf('#');
  const [address, hash] = hashAt < 0 ? [target, ''] : [target.slice(0, hashAt), target.slice(hashAt)];
  const separator = !address.includes('?') ? '?' : /^[^?]*\?$|&$/.test(address) ? '' : '&';
  return `${address}${separator}${CLICK_PARAMETER}=${clickId}${hash}`;
}

import { createHmac, randomBytes } from 'node:crypto';

/** How many clicks of one window are counted. */
export interface ClickLimits {
  readonly perAddress: number;
  readonly perLink: number;
}

/** A household or an office behind one address reads a link together; a script is faster. */
export const CLICK_LIMITS: ClickLimits = { perAddress: 60, perLink: 6_000 };

const WINDOW_MS = 60_000;
const DAY_MS = 86_400_000;
/** Some 100 bytes each. Addresses beyond are not told apart: only the limit of the link holds for them. */
const ADDRESSES_KEPT = 50_000;

/** Whether a click is counted, or which limit is reached. */
export type Admission = 'counted' | 'address-limit' | 'link-limit';

/**
 * Counts clicks of the present minute by address and by link, in this process alone: with n processes a limit is up to n times as high.
 * An address is kept only hashed, under a key that is made anew every day and never leaves this memory, and for a minute.
 */
export class ClickMeter {
  private window = -1;
  private day = -1;
  private dailyKey = Buffer.alloc(0);
  private readonly addresses = new Map<string, number>();
  private readonly links = new Map<string, number>();

  constructor(private readonly limits: ClickLimits = CLICK_LIMITS) {}

  /** `now` is epoch ms. A click that is not counted does not bring the limits nearer. */
  admit(linkId: string, address: string, now: number): Admission {
    this.turn(now);
    const key = createHmac('sha256', this.dailyKey).update(network(address)).digest('base64');
    const byAddress = this.addresses.get(key) ?? 0;
    const byLink = this.links.get(linkId) ?? 0;
    if (byAddress >= this.limits.perAddress) return 'address-limit';
    if (byLink >= this.limits.perLink) return 'link-limit';
    if (byAddress > 0 || this.addresses.size < ADDRESSES_KEPT) this.addresses.set(key, byAddress + 1);
    this.links.set(linkId, byLink + 1);
    return 'counted';
  }

  /** Begins a new minute, and with a new day a new key. */
  private turn(now: number): void {
    const window = Math.floor(now / WINDOW_MS);
    if (window === this.window) return;
    this.window = window;
    this.addresses.clear();
    this.links.clear();
    const day = Math.floor(now / DAY_MS);
    if (day === this.day) return;
    this.day = day;
    this.dailyKey = randomBytes(32);
  }
}

/** One subscriber of IPv6 has 2^64 addresses: the first four groups are the one that counts. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return address.includes(':') ? firstGroups(address) : address;
}

function firstGroups(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

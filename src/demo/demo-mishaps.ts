import { CODE_ALPHABET } from '../codes/domain/check-character.js';
import type { ChannelName, PartnerName } from './demo-story.js';

/** An attempt that a till has to refuse. */
export interface Mishap {
  readonly redeemer: PartnerName;
  readonly channel: ChannelName;
  readonly code: string;
  readonly subtotal: number;
}

/** The certificates that a mishap may be about. */
export interface KnownCoupons {
  /** Never used otherwise. */
  readonly spare: string;
  /** Was taken on an earlier day. */
  readonly used: string;
}

const gym = (code: string, subtotal: number): Mishap => ({
  ...{ redeemer: 'gym', channel: 'reception', code, subtotal },
});
const cafe = (code: string, subtotal: number): Mishap => ({
  ...{ redeemer: 'cafe', channel: 'counter', code, subtotal },
});

/** What goes wrong again and again, one story a day. */
const STORIES: readonly ((coupons: KnownCoupons) => Mishap)[] = [
  // A word nobody handed out.
  () => cafe('GYM20', 980),
  // The gym's own word, shown at the gym: it is taken at the café only.
  () => gym('GYM10', 4_900),
  ({ spare }) => gym(mistype(spare), 7_200),
  // Below the minimum of 20.00.
  () => gym('CAFE20', 1_450),
  ({ used }) => gym(used, 6_400),
  // Below the minimum of 50.00.
  ({ spare }) => gym(spare, 3_800),
  () => gym('CAFE50', 5_200),
];

/** The mishaps of one day of the story, counted from 0. */
export function mishapsOn(dayIndex: number, coupons: KnownCoupons): Mishap[] {
  const turns = [dayIndex, dayIndex + 3].map((turn) => turn % STORIES.length);
  return STORIES.filter((_, index) => turns.includes(index)).map((story) => story(coupons));
}

/** One wrong character before the last: what the check character is there for. */
export function mistype(coupon: string): string {
  const place = coupon.length - 2;
  const wrong = CODE_ALPHABET[(CODE_ALPHABET.indexOf(coupon.charAt(place)) + 1) % CODE_ALPHABET.length];
  return `${coupon.slice(0, place)}${wrong}${coupon.slice(place + 1)}`;
}

import { SeededRandom } from '../../src/demo/seeded-random.js';
import { buildRedemption, eur, type TestPartner } from '../support/programme.js';
import type { World } from './world.js';

/** What a till sends under an id of its own; sending it again means the same. */
export type Item = Readonly<Record<string, unknown>> & { readonly externalId: string };

/** One request: one redemption, several, or one reversal. */
export interface Post {
  readonly kind: 'redemption' | 'batch' | 'reversal';
  readonly till: TestPartner;
  readonly items: readonly Item[];
}

/** What a source of posts may look at: redemptions that were answered as accepted and nobody reversed yet. */
export interface Accepted {
  readonly till: TestPartner;
  readonly externalId: string;
}

export type Plan = (takeAccepted: () => Accepted | undefined) => Post | undefined;

export interface Mix {
  readonly seed: number;
  readonly batchShare: number;
  readonly batchSize: number;
  readonly reversalShare: number;
}

const MIX: Mix = { seed: 1, batchShare: 0.1, batchSize: 20, reversalShare: 0.05 };
const CUSTOMERS = 400;

/** Endless posts of every kind: hot and limited words, coupons, nonsense, two codes on a receipt, reversals. */
export function mixedPosts(world: World, overrides: Partial<Mix> = {}): Plan {
  const mix = { ...MIX, ...overrides };
  const items = new ItemSource(world, new SeededRandom(mix.seed));
  const random = new SeededRandom(mix.seed + 1);
  return (takeAccepted) => {
    const target = random.chance(mix.reversalShare) ? takeAccepted() : undefined;
    if (target) return { kind: 'reversal', till: target.till, items: [items.reversal(target.externalId)] };
    const till = random.chance(0.15) ? world.neighbour : world.redeemer;
    if (!random.chance(mix.batchShare)) return { kind: 'redemption', till, items: [items.next(till)] };
    const batch = Array.from({ length: mix.batchSize }, () => items.next(till));
    return { kind: 'batch', till, items: batch };
  };
}

class ItemSource {
  private readonly lastReceipt = new Map<string, object>();

  constructor(
    private readonly world: World,
    private readonly random: SeededRandom,
  ) {}

  next(till: TestPartner): Item {
    const { random } = this;
    const code = till === this.world.neighbour ? 'next door' : this.code();
    const earlier = random.chance(0.1) ? this.lastReceipt.get(till.id) : undefined;
    const amount = `${random.integer(5, 120)}.${random.integer(10, 99)}`;
    const item = buildRedemption(till, code, {
      ...(random.chance(0.7) && { customer: { reference: `c-${random.integer(1, CUSTOMERS)}` } }),
      ...(random.chance(0.1) && { customerStatus: random.pick(['new', 'returning']) }),
    });
    const receipt = { ...(item['receipt'] as object), subtotal: eur(amount) };
    // The customer stands on the receipt: whoever has a second code on it is the same person.
    const onReceipt = earlier ?? { receipt, customer: item['customer'] };
    this.lastReceipt.set(till.id, onReceipt);
    return JSON.parse(JSON.stringify({ ...item, ...onReceipt })) as Item;
  }

  reversal(redemptionExternalId: string): Item {
    const externalId = `undo-${redemptionExternalId}`;
    return { externalId, redemptionExternalId, reason: 'returned', occurredAt: new Date().toISOString() };
  }

  private code(): string {
    const { random, world } = this;
    const dice = random.next();
    if (dice < 0.45) return 'open';
    if (dice < 0.65) return 'few';
    if (dice < 0.85) return 'limited';
    const [first, ...others] = world.coupons;
    if (dice < 0.98 && first !== undefined) return random.pick([first, ...others]);
    // One and the same wrong word: many of them would lock the till out as a guesser.
    return 'nonsense';
  }
}

import type { TestPartner } from '../support/programme.js';
import type { Accepted, Item } from './posts.js';

/** What the tills posted and every answer they were given, kept apart for redemptions and reversals. */
export class GivenAnswers {
  readonly redemptions = new Register();
  readonly reversals = new Register();
  private readonly accepted: Accepted[] = [];

  /** Remembers a redemption that may be reversed later. */
  addAccepted(till: TestPartner, externalId: string): void {
    this.accepted.push({ till, externalId });
  }

  forgetAccepted(): void {
    this.accepted.length = 0;
  }

  /** One that was accepted and that nobody took before; not one of the very newest, so that their order varies. */
  takeAccepted(): Accepted | undefined {
    return this.accepted.shift();
  }
}

export interface Given {
  readonly partnerId: string;
  readonly item: Item;
  /** Every 2xx answer, as it came. More than one when the till asked again. */
  readonly answers: Readonly<Record<string, unknown>>[];
}

class Register {
  private readonly byKey = new Map<string, Given>();

  post(partnerId: string, item: Item): void {
    const key = `${partnerId}/${item.externalId}`;
    if (!this.byKey.has(key)) this.byKey.set(key, { partnerId, item, answers: [] });
  }

  answer(partnerId: string, externalId: string, answer: Readonly<Record<string, unknown>>): void {
    const given = this.byKey.get(`${partnerId}/${externalId}`);
    if (!given) throw new Error(`an answer to ${externalId}, which was never posted`);
    given.answers.push(answer);
  }

  get(partnerId: string, externalId: string): Given | undefined {
    return this.byKey.get(`${partnerId}/${externalId}`);
  }

  all(): Given[] {
    return [...this.byKey.values()];
  }

  answered(): Given[] {
    return this.all().filter(({ answers }) => answers.length > 0);
  }
}

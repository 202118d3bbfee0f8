import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Listener } from '../platform/database/listener.js';
import type { Tx } from '../platform/database/tx.js';
import { customerIdentity } from './customer-identity.js';
import type { Channel } from './domain/channel.js';
import { type CustomerDetails, matchText, normaliseCustomer } from './domain/customer-reference.js';
import { NotifiedCache } from '../platform/database/notified-cache.js';
import { PARTNERS_CHANGED } from './partner-notifications.js';
import { PartnerReadModel } from './partner.read-model.js';

/** What a partner keeps for as long as it exists, and its zone. */
export interface KnownPartner {
  readonly id: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** The id of a customer within the campaign whose key is given. A function, so that what it is made of is in no object that could be logged. */
export type MatchIdOf = (campaignKey: Uint8Array) => string;

/** Who a customer is: at one partner, and within a campaign. */
export interface KnownCustomer {
  readonly id: string;
  readonly matchIdOf: MatchIdOf;
}

/** A customer, or the field of the request that says nothing usable. */
export type CustomerLookup =
  | { readonly kind: 'customer'; readonly customer: KnownCustomer }
  | { readonly kind: 'faulty'; readonly field: keyof CustomerDetails; readonly detail: string };

/** The key stands apart, so that a known partner can be handed out whole. */
interface PartnerFacts {
  readonly partner: KnownPartner;
  readonly customerKey: Buffer;
}

// Some 300 bytes each: 10 MB when full.
const CHANNELS_KEPT = 30_000;
const PARTNERS_KEPT = 5_000;

/**
 * Partners and channels without a query per redemption. Currency, customer key and channels never change; a partner's
 * time zone may, and then everything is read anew. What does not exist is never remembered: it may exist a moment later.
 *
 * A first question takes a connection of its own, because its answer is shared with other requests. So ask before
 * opening a transaction; inside one ask the read model.
 */
@Injectable()
export class PartnerDirectory {
  private readonly partners: NotifiedCache<PartnerFacts>;
  private readonly channels: NotifiedCache<Channel>;

  constructor(
    private readonly database: Database,
    private readonly readModel: PartnerReadModel,
    listener: Listener,
    clock: Clock,
  ) {
    const options = {
      maxAgeMs: Infinity,
      missMs: 0,
      isListening: () => listener.isListening,
      now: () => clock.now(),
    };
    this.partners = new NotifiedCache((id) => this.loadPartner(id), { ...options, capacity: PARTNERS_KEPT });
    this.channels = new NotifiedCache((key) => this.loadChannel(key), {
      ...options,
      capacity: CHANNELS_KEPT,
    });
    const forget = (): void => [this.partners, this.channels].forEach((cache) => cache.onGap());
    listener.subscribe(PARTNERS_CHANGED, { onMessage: forget, onGap: forget });
  }

  /** A partner; undefined when there is none with this id. */
  async partner(partnerId: string): Promise<KnownPartner | undefined> {
    return (await this.partners.get(partnerId))?.partner;
  }

  /** One channel of this partner; undefined also when it is another partner's. */
  async channel(partnerId: string, channelId: string): Promise<Channel | undefined> {
    return this.channels.get(`${partnerId}/${channelId}`);
  }

  /** Who this is at this partner. The details themselves go no further. */
  async customer(partnerId: string, details: CustomerDetails): Promise<CustomerLookup> {
    const reference = normaliseCustomer(details);
    if (reference.kind === 'faulty') return reference;
    const facts = await this.partners.get(partnerId);
    if (!facts) throw new Error(`a key was accepted for partner ${partnerId}, which does not exist`);
    const { text } = reference;
    const matchIdOf: MatchIdOf = (campaignKey) => customerIdentity(campaignKey, matchText(partnerId, text));
    return { kind: 'customer', customer: { id: customerIdentity(facts.customerKey, text), matchIdOf } };
  }

  private loadPartner(id: string): Promise<PartnerFacts | undefined> {
    return this.database.separateTransaction((tx) => this.findFacts(tx, id));
  }

  private async findFacts(tx: Tx, id: string): Promise<PartnerFacts | undefined> {
    const row = await tx.row<KnownPartner & { customerKey: Buffer }>(
      `select id, currency, time_zone as "timeZone", customer_key as "customerKey" from partners where id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { customerKey, ...partner } = row;
    return { partner, customerKey };
  }

  private loadChannel(key: string): Promise<Channel | undefined> {
    const [partnerId = '', channelId = ''] = key.split('/');
    return this.database.separateTransaction((tx) => this.readModel.channel(tx, partnerId, channelId));
  }
}

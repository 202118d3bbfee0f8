import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidRequest, notFound, unprocessable } from '../kernel/errors.js';
import type { CustomerDetails } from '../partners/domain/customer-reference.js';
import { type KnownCustomer, PartnerDirectory } from '../partners/partner-directory.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { ERASURES_TOPIC } from './erase-customers.job.js';
import { type CampaignKey, type Erasure, type ErasureLink, ErasureRepository } from './erasure.repository.js';

export interface ErasureRequest {
  /** Whose customer it is; the operator has to say, and nobody else may name another. */
  readonly partnerId?: string | undefined;
  readonly customer: CustomerDetails;
}

/** Takes requests to forget a customer; a worker does it. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly database: Database,
    private readonly directory: PartnerDirectory,
    private readonly erasures: ErasureRepository,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {}

  /**
   * Every detail that is given is forgotten: each may have been used alone. The answer is the same whether or not anything is known of
   * them. Throws 400 when the operator names no partner, 404 on another partner, 422 on a detail that says nothing.
   */
  async request(principal: Principal, { partnerId: named, customer }: ErasureRequest): Promise<Erasure> {
    const partnerId = await this.partnerOf(principal, named);
    const customers = await this.customers(partnerId, customer);
    return this.database.transaction(async (tx) => {
      const id = this.clock.newId();
      await this.erasures.insert(tx, { id, partnerId, requestedByKeyId: principal.keyId });
      const keys = await this.erasures.campaignKeys(tx, partnerId);
      await this.erasures.insertLinks(tx, id, toLinks(customers, keys));
      const outboxId = await this.outbox.append(tx, ERASURES_TOPIC, { erasureId: id });
      this.database.afterCommit(() => this.relay.publish(ERASURES_TOPIC, outboxId));
      const requested = await this.erasures.find(tx, partnerId, id);
      if (!requested) throw new Error(`erasure ${id} was inserted and is not there`);
      return requested;
    });
  }

  /** Throws 404 on another partner's. */
  async find({ partnerId }: Principal, id: string): Promise<Erasure> {
    const erasure = await this.database.read((tx) => this.erasures.find(tx, partnerId, id));
    if (!erasure) throw notFound();
    return erasure;
  }

  async list({ partnerId }: Principal, page: PageRequest): Promise<Page<Erasure>> {
    return this.database.read((tx) => this.erasures.list(tx, partnerId, page));
  }

  private async partnerOf({ partnerId: own }: Principal, named: string | undefined): Promise<string> {
    const partnerId = named ?? own;
    if (partnerId === null)
      throw invalidRequest([{ pointer: '/partnerId', detail: 'must say whose customer it is' }]);
    if (own !== null && partnerId !== own) throw notFound();
    if (!(await this.directory.partner(partnerId))) throw notFound();
    return partnerId;
  }

  private async customers(
    partnerId: string,
    { reference, phone, email }: CustomerDetails,
  ): Promise<KnownCustomer[]> {
    const given = [{ reference }, { phone }, { email }].filter((one) => Object.values(one)[0] !== undefined);
    return Promise.all(
      given.map(async (details: CustomerDetails) => {
        const found = await this.directory.customer(partnerId, details);
        if (found.kind === 'customer') return found.customer;
        throw unprocessable('customer.unusable', 'The customer cannot be recognised from this.', [
          { pointer: `/customer/${found.field}`, detail: found.detail },
        ]);
      }),
    );
  }
}

/** Each id gets one of its own in its place, random, so that nothing leads from the old to the new one once it is done. */
function toLinks(customers: readonly KnownCustomer[], keys: readonly CampaignKey[]): ErasureLink[] {
  return customers.flatMap(({ id, matchIdOf }) => [
    { oldId: id, newId: randomUUID(), campaignId: null },
    ...keys.map(({ campaignId, customerKey }) => ({
      ...{ oldId: matchIdOf(customerKey), newId: randomUUID(), campaignId },
    })),
  ]);
}

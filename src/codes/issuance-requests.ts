import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { notFound, unprocessable } from '../kernel/errors.js';
import type { Money } from '../kernel/money.js';
import {
  type KnownCustomer,
  type MatchIdOf,
  PartnerDirectory,
} from '../partners/partner-directory.read-model.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import type { IssuanceRequest } from './domain/judge-issuance.js';

/** What the till says, its shape checked. */
export interface IssuanceInput {
  readonly externalId: string;
  readonly channelId: string;
  readonly receipt?: { readonly number: string; readonly total: Money } | undefined;
  readonly customer?:
    | {
        readonly reference?: string | undefined;
        readonly phone?: string | undefined;
        readonly email?: string | undefined;
      }
    | undefined;
}

/** The same with the channel found and the customer hashed. */
export interface PreparedIssuance extends IssuanceRequest {
  readonly externalId: string;
  /** Of the body: tells a repeat from another request under the same externalId. */
  readonly fingerprint: Buffer;
  readonly channelId: string;
  readonly receiptNumber: string | null;
  readonly customerId: string | null;
  readonly matchIdOf: MatchIdOf | null;
}

const FINGERPRINT_BYTES = 16;

@Injectable()
export class IssuanceRequests {
  constructor(private readonly directory: PartnerDirectory) {}

  /** Throws 404 on a channel of somebody else, 422 on a customer that cannot be recognised. */
  async prepare(principal: PartnerPrincipal, input: IssuanceInput): Promise<PreparedIssuance> {
    const { externalId, channelId, receipt } = input;
    if (!(await this.directory.channel(principal.partnerId, channelId))) throw notFound();
    const customer = await this.customer(principal, input);
    const customerId = customer?.id ?? null;
    return {
      ...{ externalId, channelId, customerId, matchIdOf: customer?.matchIdOf ?? null },
      fingerprint: fingerprint(input, customerId),
      channelAllowed: principal.channelId === null || principal.channelId === channelId,
      receiptNumber: receipt?.number ?? null,
      receiptTotal: receipt?.total ?? null,
    };
  }

  private async customer(
    principal: PartnerPrincipal,
    { customer }: IssuanceInput,
  ): Promise<KnownCustomer | null> {
    if (!customer) return null;
    const found = await this.directory.customer(principal.partnerId, customer);
    if (found.kind === 'customer') return found.customer;
    throw unprocessable('customer.unusable', 'The customer cannot be recognised from this.', [
      { pointer: `/customer/${found.field}`, detail: found.detail },
    ]);
  }
}

/** Equal for the same request however its JSON was spelled; personal data enters only as the hashed customer id. */
function fingerprint({ channelId, receipt }: IssuanceInput, customerId: string | null): Buffer {
  const total = receipt && [receipt.total.currency, receipt.total.minor.toString()];
  const parts = [channelId, receipt?.number ?? null, total ?? null, customerId];
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, FINGERPRINT_BYTES);
}

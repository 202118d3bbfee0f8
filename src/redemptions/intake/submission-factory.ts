import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalidRequest, notFound, unprocessable } from '../../kernel/errors.js';
import { parseCodeKey } from '../../codes/domain/code-key.js';
import { type KnownCustomer, PartnerDirectory } from '../../partners/partner-directory.read-model.js';
import type { PartnerPrincipal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock/clock.js';
import type { AttemptInput, CustomerInput, ValidationInput } from './attempt-input.js';
import type { Submission } from './submission.js';

/** A till's clock may be a time zone wrong, which the judge refuses with words; further off is not a till's time at all. */
const FURTHEST_FUTURE_MS = 24 * 60 * 60 * 1000;
const FINGERPRINT_BYTES = 16;

/** Makes submissions out of posted attempts: finds the channel, hashes the customer, normalises the code. */
@Injectable()
export class SubmissionFactory {
  constructor(
    private readonly directory: PartnerDirectory,
    private readonly clock: Clock,
  ) {}

  /** Throws a user error that concerns this attempt alone; nothing has been stored then. */
  async prepare(principal: PartnerPrincipal, input: AttemptInput): Promise<Submission> {
    if (input.occurredAt > this.clock.now() + FURTHEST_FUTURE_MS) {
      throw invalidRequest([{ pointer: '/occurredAt', detail: 'must not be more than a day in the future' }]);
    }
    const { subtotal, costOfGoods, number } = input.receipt;
    const customer = await this.customer(principal, input.customer);
    const customerId = customer?.id ?? null;
    return {
      redeemerPartnerId: principal.partnerId,
      externalId: input.externalId,
      fingerprint: fingerprint(input, customerId),
      // Scanners add control characters; PostgreSQL cannot store this one.
      typedCode: input.code.replaceAll('\0', '').slice(0, 64),
      codeKey: parseCodeKey(input.code),
      channelId: input.channelId,
      channelAllowed: await this.isChannelAllowed(principal, input.channelId),
      occurredAt: input.occurredAt,
      offline: input.offline ?? false,
      receiptNumber: number,
      currency: subtotal.currency,
      subtotal: subtotal.minor,
      discountTaken: input.discount?.minor ?? null,
      costOfGoods: costOfGoods?.minor ?? null,
      customerId,
      matchIdOf: customer?.matchIdOf ?? null,
      customerStatus: input.customerStatus === 'unknown' ? null : (input.customerStatus ?? null),
      clerk: input.clerk ?? null,
      reservationId: input.reservationId ?? null,
      clickId: input.clickId ?? null,
    };
  }

  /** The attempt that a validation asks about: as if it were posted now, online, on a receipt of its own. */
  async prepareValidation(principal: PartnerPrincipal, input: ValidationInput): Promise<Submission> {
    const partner = await this.directory.partner(principal.partnerId);
    if (!partner) throw notFound();
    const receipt = input.receipt ?? { number: '', subtotal: { minor: 0n, currency: partner.currency } };
    return this.prepare(principal, { ...input, receipt, externalId: '', occurredAt: this.clock.now() });
  }

  private async isChannelAllowed(principal: PartnerPrincipal, channelId: string): Promise<boolean> {
    const channel = await this.directory.channel(principal.partnerId, channelId);
    if (!channel) throw notFound();
    return channel.canRedeem && (principal.channelId === null || principal.channelId === channelId);
  }

  private async customer(
    principal: PartnerPrincipal,
    customer: CustomerInput | undefined,
  ): Promise<KnownCustomer | null> {
    if (!customer) return null;
    const found = await this.directory.customer(principal.partnerId, customer);
    if (found.kind === 'customer') return found.customer;
    throw unprocessable('customer.unusable', 'The customer cannot be recognised from this.', [
      { pointer: `/customer/${found.field}`, detail: found.detail },
    ]);
  }
}

/** Equal for the same attempt however its JSON was spelled; personal data enters only as the hashed customer id. */
function fingerprint(input: AttemptInput, customerId: string | null): Buffer {
  const { receipt, discount } = input;
  const parts = [
    input.code,
    input.channelId,
    input.occurredAt,
    receipt.number,
    receipt.subtotal.currency,
    String(receipt.subtotal.minor),
    receipt.costOfGoods ? String(receipt.costOfGoods.minor) : null,
    discount ? String(discount.minor) : null,
    customerId,
    input.customerStatus ?? null,
    input.clerk ?? null,
    input.offline ?? false,
    // Only when there is one: what was posted before reservations and clicks existed keeps its fingerprint.
    ...(input.reservationId === undefined ? [] : [input.reservationId]),
    ...(input.clickId === undefined ? [] : ['click', input.clickId]),
  ];
  return hash('sha256', JSON.stringify(parts), 'buffer').subarray(0, FINGERPRINT_BYTES);
}

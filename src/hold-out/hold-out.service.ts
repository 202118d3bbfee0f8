import { Injectable } from '@nestjs/common';
import type { CustomerDetails } from '../partners/domain/customer-reference.js';
import { conflict, type FieldError, forbidden, notFound, unprocessable } from '../kernel/errors.js';
import { parseRatio } from '../kernel/ratio.js';
import {
  type CustomerLookup,
  type KnownCustomer,
  PartnerDirectory,
} from '../partners/partner-directory.read-model.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import type { Arm } from './domain/assign-arm.js';
import { HoldOutCommands } from './hold-out.commands.js';
import { HoldOutRepository } from './hold-out.repository.js';

/** Tells an issuer which of its customers a mailing may reach. */
@Injectable()
export class HoldOutService {
  constructor(
    private readonly database: Database,
    private readonly directory: PartnerDirectory,
    private readonly repository: HoldOutRepository,
    private readonly holdOut: HoldOutCommands,
  ) {}

  /**
   * The arm of each customer, in order, and all of them are recorded: from now on what they do is compared. Throws 404 on a campaign that the
   * partner has no part in, 403 when it hands out no codes there, 409 before the campaign is approved and when it has no
   * hold-out, 422 on customers that cannot be recognised; then nobody is recorded.
   */
  async assign(
    principal: PartnerPrincipal,
    campaignId: string,
    customers: readonly CustomerDetails[],
  ): Promise<Arm[]> {
    const found = await Promise.all(
      customers.map((details) => this.directory.customer(principal.partnerId, details)),
    );
    return retryTransaction(() =>
      this.database.transaction((tx) => this.record(tx, principal, campaignId, found)),
    );
  }

  private async record(
    tx: Tx,
    principal: PartnerPrincipal,
    campaignId: string,
    found: readonly CustomerLookup[],
  ): Promise<Arm[]> {
    const campaign = await this.repository.findCampaign(tx, principal, campaignId);
    if (!campaign) throw notFound();
    const { customerKey, isApproved, holdOutShare, redeemerIds } = campaign;
    if (!isApproved)
      throw conflict('campaign.not-approved', 'Not every participant has approved the campaign yet.');
    if (redeemerIds.length === 0) throw forbidden('Only those who hand out codes of the campaign may ask.');
    if (holdOutShare === null)
      throw conflict('campaign.no-hold-out', 'The campaign withholds its codes from nobody.');
    const matchIds = recognised(found).map(({ matchIdOf }) => matchIdOf(customerKey));
    return this.holdOut.assign(tx, { campaignId, redeemerIds, share: parseRatio(holdOutShare), matchIds });
  }
}

function recognised(found: readonly CustomerLookup[]): KnownCustomer[] {
  const faults: FieldError[] = [];
  const customers: KnownCustomer[] = [];
  found.forEach((lookup, index) => {
    if (lookup.kind === 'customer') customers.push(lookup.customer);
    else faults.push({ pointer: `/customers/${index}/${lookup.field}`, detail: lookup.detail });
  });
  if (faults.length === 0) return customers;
  throw unprocessable('customer.unusable', 'Some customers cannot be recognised from this.', faults);
}

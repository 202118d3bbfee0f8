import { Injectable } from '@nestjs/common';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { assertNone } from './campaign-guards.js';
import type { Agreement, Participant } from './domain/agreement.js';
import {
  amendAgreement,
  type AgreementChanges,
  proposeAgreement,
  type ProposedAgreement,
} from './domain/amend-agreement.js';
import type { Campaign } from './domain/campaign.js';
import {
  changedFixedFields,
  checkAgreement,
  duplicateParticipants,
  faultyControls,
  unknownOffers,
  type Violation,
} from './domain/check-agreement.js';

/** Turns what somebody asks for into an agreement that can be approved, or says why it cannot. */
@Injectable()
export class AgreementDrafts {
  constructor(
    private readonly clock: Clock,
    private readonly partners: PartnerReadModel,
  ) {}

  /** A new campaign's id and agreement. Throws 422. */
  async propose(tx: Tx, proposed: ProposedAgreement): Promise<{ id: string; agreement: Agreement }> {
    await this.assertPartners(tx, proposed.participants);
    const proposal = proposeAgreement(proposed, () => this.clock.newId());
    assertNone(checkAgreement(proposal));
    await this.assertControls(tx, proposal.agreement);
    return { id: this.clock.newId(), agreement: proposal.agreement };
  }

  /** The agreement of a campaign after the changes. Throws 422. */
  async amend(tx: Tx, campaign: Campaign, changes: AgreementChanges): Promise<Agreement> {
    const { agreement: current, effectiveVersion } = campaign;
    assertNone(unknownOffers(current, changes));
    const proposal = amendAgreement(current, changes, () => this.clock.newId());
    if (effectiveVersion !== null) assertNone(changedFixedFields(current, proposal.agreement));
    await this.assertPartners(tx, changes.participants ?? []);
    assertNone(checkAgreement(proposal));
    await this.assertControls(tx, proposal.agreement);
    return proposal.agreement;
  }

  private async assertControls(tx: Tx, { terms, participants }: Agreement): Promise<void> {
    if (terms.controlChannels.length === 0) return;
    const ids = participants.map(({ partnerId }) => partnerId);
    const channels = await this.partners.channelsOf(tx, ids);
    assertNone(faultyControls(terms.controlChannels, new Set(channels.map(({ id }) => id))));
  }

  private async assertPartners(tx: Tx, participants: readonly Participant[]): Promise<void> {
    assertNone(duplicateParticipants(participants));
    const ids = participants.map(({ partnerId }) => partnerId);
    const known = await this.partners.findPartners(tx, ids);
    assertNone(ids.flatMap((id, index) => (known.has(id) ? [] : [unknownPartner(index)])));
  }
}

function unknownPartner(index: number): Violation {
  return {
    code: 'participant.unknown',
    pointer: `/participants/${index}/partnerId`,
    detail: 'is not a partner of this programme',
  };
}

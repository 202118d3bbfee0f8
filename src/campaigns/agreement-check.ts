import { Injectable } from '@nestjs/common';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Tx } from '../platform/database/tx.js';
import { assertNone } from './campaign-guards.js';
import type { Participant } from './domain/agreement.js';
import type { Proposal } from './domain/amend-agreement.js';
import { checkAgreement, duplicateParticipants, type Violation } from './domain/check-agreement.js';

/** Says no to what cannot be agreed on: the rules of the domain, and partners that do not exist. */
@Injectable()
export class AgreementCheck {
  constructor(private readonly partners: PartnerReadModel) {}

  /** `participants` as the request names them. Throws 422. */
  async assertAcceptable(tx: Tx, proposal: Proposal, participants: readonly Participant[]): Promise<void> {
    assertNone(duplicateParticipants(participants));
    assertNone(await this.unknownPartners(tx, participants));
    assertNone(checkAgreement(proposal));
  }

  private async unknownPartners(tx: Tx, participants: readonly Participant[]): Promise<Violation[]> {
    const ids = participants.map(({ partnerId }) => partnerId);
    const known = await this.partners.findPartners(tx, ids);
    return ids.flatMap((id, index) => (known.has(id) ? [] : [unknownPartner(index)]));
  }
}

function unknownPartner(index: number): Violation {
  return {
    code: 'participant.unknown',
    pointer: `/participants/${index}/partnerId`,
    detail: 'is not a partner of this programme',
  };
}

import { Injectable } from '@nestjs/common';
import type { OfferForCodes } from '../campaigns/campaign.read-model.js';
import { conflict, unprocessable } from '../kernel/errors.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { type CodeDays, type CodePeriod, toCodePeriod } from './domain/code-period.js';
import { type Placement, type PlacementName, PlacementRepository } from './placement.repository.js';

/** What a marketer says of new codes, whichever kind they are. */
export interface NewCodeConditions extends CodeDays {
  readonly placement: PlacementName;
}
export interface CodeConditions extends CodePeriod {
  readonly placement: Placement;
}

const NOT_APPROVED =
  'The partner that is to take these codes has not approved the campaign yet: make them when it has.';

/** Turns what was said about new codes into what is stored with them. */
@Injectable()
export class CodeConditionsCheck {
  constructor(
    private readonly partners: PartnerReadModel,
    private readonly placements: PlacementRepository,
    private readonly clock: Clock,
  ) {}

  /** Throws 409 when the campaign was ended or the redeemer has not approved it, 422 on days in the wrong order or a channel that is not the issuer's. */
  async settle(tx: Tx, offer: OfferForCodes, asked: NewCodeConditions): Promise<CodeConditions> {
    if (offer.endedAt !== null) throw conflict('campaign.ended', 'The campaign has ended.');
    if (!offer.isWanted) throw conflict('offer.not-approved', NOT_APPROVED);
    const { startsOn, expiresOn } = asked;
    if (startsOn !== null && expiresOn !== null && expiresOn < startsOn) {
      throw unprocessable('code.period', 'The code would expire before it starts.', [
        { pointer: '/expiresOn', detail: 'must not be before startsOn' },
      ]);
    }
    await this.assertChannelOfIssuer(tx, offer, asked.placement.channelId);
    const placement = await this.placements.findOrCreate(tx, this.clock.newId(), offer.id, asked.placement);
    return { ...toCodePeriod(asked, offer.timeZone), placement };
  }

  private async assertChannelOfIssuer(tx: Tx, offer: OfferForCodes, channelId: string | null): Promise<void> {
    if (channelId === null) return;
    if (await this.partners.channel(tx, offer.issuerPartnerId, channelId)) return;
    throw unprocessable('placement.channel', 'Codes are handed out in a channel of their issuer.', [
      { pointer: '/placement/channelId', detail: 'is not a channel of the partner that issues the codes' },
    ]);
  }
}

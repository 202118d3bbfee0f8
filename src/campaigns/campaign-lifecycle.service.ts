import { Injectable } from '@nestjs/common';
import { conflict, forbidden, notFound, type TandemError } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { assertMayLead, assertNotEnded, refusal } from './campaign-guards.js';
import { CampaignLifecycleRepository } from './campaign-lifecycle.repository.js';
import { CampaignRepository } from './campaign.repository.js';
import { type Campaign, statusOf } from './domain/campaign.js';

/** `version` is the one the approver has read, `partnerId` the partner for which the operator approves. */
export interface ApprovalRequest {
  readonly version?: number | undefined;
  readonly partnerId?: string | undefined;
}

@Injectable()
export class CampaignLifecycleService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignRepository,
    private readonly lifecycle: CampaignLifecycleRepository,
  ) {}

  /** Approves the latest version for one partner; the last partner to do so puts it into force. Repeating it changes nothing. */
  async approve(principal: Principal, id: string, request: ApprovalRequest): Promise<Campaign> {
    return this.change(principal, id, async (tx, campaign) => {
      const partnerId = approvingPartner(principal, campaign, request.partnerId);
      assertNotEnded(campaign);
      const version = campaign.latestVersion;
      if (request.version !== undefined && request.version !== version) throw versionChanged(version);
      await this.lifecycle.approve(tx, id, version, { partnerId, keyId: principal.keyId });
      await this.lifecycle.putIntoForce(tx, id, version);
    });
  }

  async pause(principal: Principal, id: string): Promise<Campaign> {
    return this.lead(principal, id, async (tx, campaign) => {
      const status = statusOf(campaign);
      if (status === 'paused' || status === 'draft') throw notRunning(status);
      await this.lifecycle.pause(tx, id);
    });
  }

  async resume(principal: Principal, id: string): Promise<Campaign> {
    return this.lead(principal, id, async (tx, campaign) => {
      if (statusOf(campaign) !== 'paused') throw notPaused();
      await this.lifecycle.resume(tx, id);
    });
  }

  /** Ends the campaign for good, whatever its dates say; a draft is given up. */
  async end(principal: Principal, id: string): Promise<Campaign> {
    return this.lead(principal, id, (tx) => this.lifecycle.end(tx, id));
  }

  private async lead(principal: Principal, id: string, work: Change): Promise<Campaign> {
    return this.change(principal, id, async (tx, campaign) => {
      assertMayLead(principal, campaign);
      assertNotEnded(campaign);
      await work(tx, campaign);
    });
  }

  private async change(principal: Principal, id: string, work: Change): Promise<Campaign> {
    return this.database.transaction(async (tx) => {
      const campaign = await this.campaigns.lock(tx, principal, id);
      if (!campaign) throw notFound();
      await work(tx, campaign);
      return (await this.campaigns.find(tx, principal, id)) ?? campaign;
    });
  }
}

type Change = (tx: Tx, campaign: Campaign) => Promise<void>;

/** A partner approves for itself, the operator for the participant it names. */
function approvingPartner(principal: Principal, campaign: Campaign, asked: string | undefined): string {
  if (principal.role !== 'operator') {
    if (asked === undefined || asked === principal.partnerId) return principal.partnerId;
    throw forbidden('You can approve for your own company only.');
  }
  const participant = campaign.agreement.participants.find(({ partnerId }) => partnerId === asked);
  if (participant) return participant.partnerId;
  const detail = 'must name the participant for which you approve';
  throw refusal({ code: 'participant.missing', pointer: '/partnerId', detail });
}

function versionChanged(termsVersion: number): TandemError {
  const detail = `The terms have changed: version ${termsVersion} is the one to approve now.`;
  return conflict('campaign.version-changed', detail, { termsVersion });
}

function notRunning(status: 'paused' | 'draft'): TandemError {
  const detail =
    status === 'paused'
      ? 'The campaign is already paused.'
      : 'The campaign is not running: not everyone has approved it.';
  return conflict('campaign.not-running', detail);
}

function notPaused(): TandemError {
  return conflict('campaign.not-paused', 'The campaign is not paused.');
}

import type { DataSource } from 'typeorm';
import { AgreementDrafts } from '../../src/campaigns/agreement-drafts.js';
import { AgreementRepository } from '../../src/campaigns/agreement.repository.js';
import { AmendCampaignService } from '../../src/campaigns/amend-campaign.service.js';
import { CampaignLifecycleRepository } from '../../src/campaigns/campaign-lifecycle.repository.js';
import { CampaignLifecycleService } from '../../src/campaigns/campaign-lifecycle.service.js';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CampaignRepository } from '../../src/campaigns/campaign.repository.js';
import { CampaignsService } from '../../src/campaigns/campaigns.service.js';
import { DayRateCommands } from '../../src/rates/day-rate.commands.js';
import { DayRateRepository } from '../../src/rates/day-rate.repository.js';
import type { ExchangeRate } from '../../src/rates/domain/exchange-rate.js';
import { ExchangeRateRepository } from '../../src/rates/exchange-rate.repository.js';
import { CostEntriesService } from '../../src/campaigns/cost-entries.service.js';
import { CostEntryRepository } from '../../src/campaigns/cost-entry.repository.js';
import { type OfferConditions, PLAIN_ISSUANCE } from '../../src/campaigns/domain/agreement.js';
import type {
  AgreementChanges,
  ProposedAgreement,
  ProposedOffer,
} from '../../src/campaigns/domain/amend-agreement.js';
import type { Campaign } from '../../src/campaigns/domain/campaign.js';
import type { CampaignTerms } from '../../src/campaigns/domain/campaign-terms.js';
import { OfferRepository } from '../../src/campaigns/offer.repository.js';
import { ratio } from '../../src/kernel/ratio.js';
import { PartnerReadModel } from '../../src/partners/partner.read-model.js';
import type { OperatorPrincipal, PartnerPrincipal, Principal } from '../../src/platform/auth/principal.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { buildPartner, newId } from './code-builders.js';

const TERMS: CampaignTerms = {
  startsOn: '2020-01-01',
  endsOn: '2150-12-31',
  redeemUntil: null,
  incomeBasis: 'revenue',
  newCustomerLookbackDays: 365,
  returningAfterDays: 0,
  attributionLookbackDays: 30,
  reversalPolicy: { returnUse: 'always', voidMinutes: null },
  budget: null,
  controlChannels: [],
  reciprocityTolerance: null,
  holdOutShare: null,
  targets: [],
  offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
};

type ProposalOverrides = Partial<Omit<ProposedAgreement, 'terms'>> & {
  readonly terms?: Partial<CampaignTerms>;
};

/** 10 % without limits, unless told otherwise. */
export function proposeOffer(
  issuer: Principal,
  redeemer: Principal,
  overrides: Partial<OfferConditions> = {},
): ProposedOffer {
  return {
    issuerPartnerId: String(issuer.partnerId),
    redeemerPartnerId: String(redeemer.partnerId),
    conditions: {
      reward: { kind: 'percent', value: ratio(10n, 1n) },
      minimumSpend: null,
      maximumDiscount: null,
      perCodeLimit: null,
      perCustomerLimit: null,
      totalLimit: null,
      dailyLimit: null,
      issuance: PLAIN_ISSUANCE,
      ...overrides,
    },
  };
}

/** A campaign of these partners that runs now: the first issues, the last redeems. */
export function proposeCampaign(
  partners: readonly PartnerPrincipal[],
  { terms, ...overrides }: ProposalOverrides = {},
): ProposedAgreement {
  const [issuer, redeemer] = [partners[0], partners.at(-1)];
  if (!issuer || !redeemer) throw new Error('a campaign needs a participant');
  return {
    name: 'June',
    kind: 'tactical',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    participants: partners.map(({ partnerId }) => ({ partnerId, role: 'equal' })),
    offers: [proposeOffer(issuer, redeemer)],
    ...overrides,
    terms: { ...TERMS, ...terms },
  };
}

/** The campaigns feature without HTTP. */
export class CampaignsProcess {
  readonly database: Database;
  readonly readModel = new CampaignReadModel();
  readonly campaigns: CampaignsService;
  readonly amendments: AmendCampaignService;
  readonly lifecycle: CampaignLifecycleService;
  readonly costs: CostEntriesService;

  private constructor(private readonly source: DataSource) {
    this.database = new Database(source);
    const clock = new Clock();
    const drafts = new AgreementDrafts(clock, new PartnerReadModel());
    const offers = new OfferRepository();
    const campaigns = new CampaignRepository(offers);
    const agreements = new AgreementRepository(offers);
    this.campaigns = new CampaignsService(this.database, campaigns, agreements, drafts);
    this.amendments = new AmendCampaignService(this.database, campaigns, agreements, drafts);
    this.lifecycle = new CampaignLifecycleService(
      this.database,
      campaigns,
      new CampaignLifecycleRepository(),
    );
    this.costs = new CostEntriesService(
      this.database,
      clock,
      new CostEntryRepository(),
      new DayRateCommands(new DayRateRepository()),
    );
  }

  static async start(url: string): Promise<CampaignsProcess> {
    return new CampaignsProcess(await createDataSource(url, { poolSize: 8 }).initialize());
  }

  async stop(): Promise<void> {
    await this.source.destroy();
  }

  /** A key of a new partner. */
  async buildMarketer(): Promise<PartnerPrincipal> {
    const partnerId = await this.database.transaction((tx) => buildPartner(tx));
    return {
      keyId: await this.buildKey('marketer', partnerId),
      role: 'marketer',
      partnerId,
      channelId: null,
    };
  }

  async buildOperator(): Promise<OperatorPrincipal> {
    return { keyId: await this.buildKey('operator', null), role: 'operator', partnerId: null };
  }

  /** A draft that the first partner leads. */
  async buildDraft(
    partners: readonly PartnerPrincipal[],
    overrides: ProposalOverrides = {},
  ): Promise<Campaign> {
    const [lead] = partners;
    if (!lead) throw new Error('a campaign needs a participant');
    return this.campaigns.create(lead, proposeCampaign(partners, overrides));
  }

  /** A campaign that all these partners have approved. */
  async buildApproved(
    partners: readonly PartnerPrincipal[],
    overrides: ProposalOverrides = {},
  ): Promise<Campaign> {
    const draft = await this.buildDraft(partners, overrides);
    return this.approveByAll(partners, draft);
  }

  async approveByAll(partners: readonly PartnerPrincipal[], campaign: Campaign): Promise<Campaign> {
    let latest = campaign;
    for (const partner of partners) latest = await this.lifecycle.approve(partner, campaign.id, {});
    return latest;
  }

  /** A change of what was read just now. */
  async amend(
    principal: Principal,
    { id, revision }: Campaign,
    changes: Partial<AgreementChanges>,
  ): Promise<Campaign> {
    return this.amendments.amend(principal, id, revision, { terms: {}, offers: [], ...changes });
  }

  async importRate(rate: ExchangeRate): Promise<void> {
    const keyId = await this.buildKey('operator', null);
    await this.database.transaction((tx) => new ExchangeRateRepository().insert(tx, [rate], keyId));
  }

  private async buildKey(role: string, partnerId: string | null): Promise<string> {
    const id = newId();
    await this.database.read((tx) =>
      tx.execute(
        `insert into api_keys (id, partner_id, role, label, secret_hash) values ($1, $2, $3, 'test', '')`,
        [id, partnerId, role],
      ),
    );
    return id;
  }
}

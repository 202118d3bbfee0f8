import type { DataSource } from 'typeorm';
import { AttributionService } from '../../src/attribution/attribution.service.js';
import { CampaignCustomersRepository } from '../../src/attribution/campaign-customers.repository.js';
import { ConvertWaitingFactsService } from '../../src/attribution/convert-waiting-facts.service.js';
import { type FactRefs } from '../../src/attribution/domain/merge-refs.js';
import { PairCustomersRepository } from '../../src/attribution/pair-customers.repository.js';
import { FactRatesRepository } from '../../src/attribution/fact-rates.repository.js';
import { RecomputeContributionsService } from '../../src/attribution/recompute-contributions.service.js';
import { RedemptionFactsRepository } from '../../src/attribution/redemption-facts.repository.js';
import { ReversedRedemptionRepository } from '../../src/attribution/reversed-redemption.repository.js';
import { RollupReadModel } from '../../src/attribution/rollup.read-model.js';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeCommands } from '../../src/codes/code.commands.js';
import { CounterCommands } from '../../src/codes/counter.commands.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { OutboxTries } from '../../src/platform/outbox/outbox-tries.js';
import { OutboxTurns } from '../../src/platform/outbox/outbox-turns.js';
import { DayRateCommands } from '../../src/rates/day-rate.commands.js';
import { DayRateRepository } from '../../src/rates/day-rate.repository.js';
import type { ExchangeRate } from '../../src/rates/domain/exchange-rate.js';
import { ExchangeRateRepository } from '../../src/rates/exchange-rate.repository.js';
import { RECORDED_FACTS_TOPIC, sharesOf } from '../../src/receipts/recorded-facts.events.js';
import { ReversalCommands } from '../../src/redemptions/reversal.commands.js';
import { ReversalRepository } from '../../src/redemptions/reversal.repository.js';
import { WaitingReversals } from '../../src/redemptions/waiting-reversals.read-model.js';
import {
  buildProgramme,
  type Fact,
  noon,
  type Programme,
  type ReceiptFact,
  record,
  refsOf,
  type RedemptionFact,
  type ReversalFact,
  type WaitingReversalFact,
} from './attribution-builders.js';
import { type Cells, type Rollups, withoutZeros } from './naive-rollups.js';

const FACT_TABLES = [
  ...['redemptions', 'reversals', 'reversal_applications', 'receipts', 'outbox'],
  ...['redemption_facts', 'campaign_customers', 'campaign_daily', 'campaign_receipts_daily'],
  ...['pair_customers', 'campaign_pairs_daily', 'campaign_clerks_daily'],
  ...['exchange_rates', 'day_rates'],
];

export const redemption = (fact: RedemptionFact): Fact => ({ kind: 'redemption', fact });
export const reversal = (fact: ReversalFact): Fact => ({ kind: 'reversal', fact });
export const waitingReversal = (fact: WaitingReversalFact): Fact => ({ kind: 'waiting-reversal', fact });
export const receipt = (fact: ReceiptFact): Fact => ({ kind: 'receipt', fact });

/** A worker on a test database, without a queue: tests record facts and say which outbox rows it is given. */
export class AttributionBench {
  readonly outbox = new Outbox(new Clock());
  contributions!: RecomputeContributionsService;
  service!: AttributionService;
  private waiting!: ConvertWaitingFactsService;

  private constructor(
    private readonly source: DataSource,
    readonly database: Database,
  ) {
    this.restart();
  }

  /** As a process that has just started: it keeps nothing from before. */
  private restart(): void {
    const rates = new DayRateCommands(new DayRateRepository());
    this.contributions = new RecomputeContributionsService(
      new ReversedRedemptionRepository(),
      new FactRatesRepository(),
      rates,
      new RedemptionFactsRepository(),
      new CampaignCustomersRepository(),
      new PairCustomersRepository(),
    );
    const reversals = new ReversalCommands(
      new ReversalRepository(),
      new CampaignReadModel(),
      new CodeCommands(),
      new CounterCommands(),
    );
    this.service = new AttributionService(
      this.database,
      this.outbox,
      new OutboxTurns(),
      new OutboxTries(this.database, this.outbox),
      new WaitingReversals(),
      reversals,
      this.contributions,
    );
    const relay = new OutboxRelay();
    this.waiting = new ConvertWaitingFactsService(
      this.database,
      new FactRatesRepository(),
      rates,
      this.outbox,
      relay,
    );
  }

  static async open(url: string): Promise<AttributionBench> {
    const source = await createDataSource(url, { poolSize: 8 }).initialize();
    return new AttributionBench(source, new Database(source));
  }

  async close(): Promise<void> {
    await this.source.destroy();
  }

  programme(): Promise<Programme> {
    return this.database.transaction((tx) => buildProgramme(tx));
  }

  /** Commits facts with the outbox row that names them, and answers the row's id. */
  async post(...facts: Fact[]): Promise<string> {
    return this.database.transaction(async (tx) => {
      for (const fact of facts) await record(tx, fact);
      return this.name(...facts);
    });
  }

  /** Commits another outbox row about facts that are recorded already. */
  async name(...facts: Fact[]): Promise<string> {
    return this.database.transaction((tx) =>
      this.outbox.append(tx, RECORDED_FACTS_TOPIC, inOnePayload(facts.map(refsOf))),
    );
  }

  /** Commits facts with one row per redeemer, as they are recorded, for workers that take turns; answers the rows' ids. */
  async share(...facts: Fact[]): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      for (const fact of facts) await record(tx, fact);
      return this.outbox.share(tx, RECORDED_FACTS_TOPIC, sharesOf(inOnePayload(facts.map(refsOf))));
    });
  }

  /** Takes turns until nothing is left, and answers how many references were followed. */
  async takeTurns(): Promise<number> {
    let followed = 0;
    for (;;) {
      const turn = await this.service.takeTurn();
      if (turn.kind !== 'worked') return followed;
      followed += turn.facts;
    }
  }

  /** Commits facts and attributes them at once. */
  async attribute(...facts: Fact[]): Promise<void> {
    await this.service.attribute([await this.post(...facts)]);
  }

  /** How many of these outbox rows are still there. */
  async waitingRows(ids: readonly string[]): Promise<number> {
    return this.database.read((tx) => tx.execute('select from outbox where id = any($1)', [ids]));
  }

  async forgetFacts(): Promise<void> {
    await this.database.transaction((tx) => tx.execute(`truncate ${FACT_TABLES.join(', ')}`));
    this.restart();
  }

  /** Has the currency of a campaign be another one. */
  async setCurrency(campaignId: string, currency: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.execute('update campaigns set currency = $2 where id = $1', [campaignId, currency]),
    );
  }

  /** Imports a rate, and has the facts that waited for it named anew, for workers that take turns. */
  async importRate(rate: ExchangeRate): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.execute(
        `insert into api_keys (id, role, label, secret_hash) values ('rates', 'operator', 'rates', '') on conflict do nothing`,
      );
      await new ExchangeRateRepository().insert(tx, [rate], 'rates');
    });
    await this.waiting.convert(new Clock().newId());
  }

  /** The rollups without their zeros, through the read model. */
  async rollups({ campaignIds }: Pick<Programme, 'campaignIds'>): Promise<Rollups> {
    const model = new RollupReadModel();
    const [from, to] = ['2000-01-01', '2100-01-01'];
    const days: Cells = {};
    const receiptDays: Cells = {};
    const pairDays: Cells = {};
    await this.database.read(async (tx) => {
      for (const campaignId of campaignIds) {
        for (const row of await model.campaignDays(tx, campaignId, from, to)) {
          const { redeemerPartnerId, offerId, placementId, channelId, day, ...figures } = row;
          days[[redeemerPartnerId, campaignId, offerId, placementId, channelId, day].join(' ')] = figures;
        }
        for (const row of await model.pairDays(tx, campaignId, from, to)) {
          const { redeemerPartnerId, issuerPartnerId, day, ...figures } = row;
          pairDays[[redeemerPartnerId, campaignId, issuerPartnerId, day].join(' ')] = figures;
        }
        for (const grain of ['campaign', 'issuer', 'offer', 'placement'] as const) {
          for (const row of await model.receiptDays(tx, campaignId, grain, from, to)) {
            const { redeemerPartnerId, groupId, channelId, day, ...figures } = row;
            receiptDays[[redeemerPartnerId, campaignId, grain, groupId, channelId, day].join(' ')] = figures;
          }
        }
      }
    });
    return {
      days: withoutZeros(days),
      receiptDays: withoutZeros(receiptDays),
      pairDays: withoutZeros(pairDays),
    };
  }

  /** What each clerk did on each day, without zeros. */
  async clerkDays({ campaignIds, redeemers }: Pick<Programme, 'campaignIds' | 'redeemers'>): Promise<Cells> {
    const model = new RollupReadModel();
    const cells: Cells = {};
    await this.database.read(async (tx) => {
      for (const campaignId of campaignIds) {
        for (const redeemer of redeemers) {
          for (let day = 0; day < 13; day += 1) {
            const [from = '', to = ''] = [day, day + 1].map((days) => noon(days).toISOString().slice(0, 10));
            for (const row of await model.clerks(tx, redeemer.id, campaignId, { from, to })) {
              const { redeemerPartnerId, channelId, clerk, ...figures } = row;
              cells[[redeemerPartnerId, campaignId, channelId, clerk, from].join(' ')] = figures;
            }
          }
        }
      }
    });
    return withoutZeros(cells);
  }
}

function inOnePayload(refs: readonly FactRefs[]): FactRefs {
  const [redemptions, reversals, receipts] = (['redemptions', 'reversals', 'receipts'] as const).map(
    (kind) => {
      const byPartner: Record<string, string[]> = {};
      for (const [partnerId, ids] of refs.flatMap((ref) => Object.entries(ref[kind] ?? {})))
        byPartner[partnerId] = [...new Set([...(byPartner[partnerId] ?? []), ...ids])];
      return byPartner;
    },
  );
  return { redemptions, reversals, receipts };
}

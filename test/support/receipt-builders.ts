import type { DataSource } from 'typeorm';
import { HoldOutCampaigns } from '../../src/hold-out/hold-out-campaigns.read-model.js';
import { HoldOutCommands } from '../../src/hold-out/hold-out.commands.js';
import { HoldOutRepository } from '../../src/hold-out/hold-out.repository.js';
import type { PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import type { SqlRow, Tx } from '../../src/platform/database/tx.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { ChannelDayRepository } from '../../src/receipts/channel-day.repository.js';
import type { ReceiptTotal } from '../../src/receipts/domain/check-receipt-totals.js';
import type { PostedReceipt } from '../../src/receipts/domain/receipt.js';
import { PostingContextRepository } from '../../src/receipts/posting-context.repository.js';
import { PutReceiptTotalsService } from '../../src/receipts/put-receipt-totals.service.js';
import { ReceiptIntake } from '../../src/receipts/receipt-intake.js';
import { ReceiptReadModel } from '../../src/receipts/receipt.read-model.js';
import { ReceiptRepository } from '../../src/receipts/receipt.repository.js';
import { ReceiptWriter } from '../../src/receipts/receipt-writer.js';
import { RecordReceiptsService } from '../../src/receipts/record-receipts.service.js';
import { RECORDED_FACTS_TOPIC } from '../../src/receipts/recorded-facts.events.js';
import { PartnersProcess } from './partner-builders.js';

/** Enough for twenty posts that really run at the same time. */
const POOL_SIZE = 20;

/** Counts the statements of its transactions. */
class CountedDatabase extends Database {
  statements = 0;

  override transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.transaction((tx) => work(this.counted(tx)));
  }

  private counted(tx: Tx): Tx {
    return new Proxy(tx, {
      get: (target, name, receiver) => {
        // `row` asks through `rows`.
        if (name === 'rows' || name === 'execute' || name === 'prepared') this.statements += 1;
        return Reflect.get(target, name, receiver);
      },
    });
  }
}

/** The receipts feature as one process has it, without HTTP and without a queue: what rings is counted. */
export class ReceiptsProcess {
  readonly database: CountedDatabase;
  readonly repository = new ReceiptRepository();
  readonly readModel = new ReceiptReadModel();
  readonly recorder: RecordReceiptsService;
  readonly totals: PutReceiptTotalsService;
  rings = 0;
  private readonly relay = new OutboxRelay();

  private constructor(
    readonly partners: PartnersProcess,
    private readonly source: DataSource,
  ) {
    const { clock, directory } = partners;
    this.database = new CountedDatabase(source);
    this.relay.register({
      topic: RECORDED_FACTS_TOPIC,
      publish: () => Promise.resolve(),
      ring: () => Promise.resolve(void (this.rings += 1)),
    });
    const contexts = new PostingContextRepository(partners.readModel);
    const channelDays = new ChannelDayRepository();
    const intake = new ReceiptIntake(directory, contexts, clock);
    const holdOuts = new HoldOutCampaigns(partners.database, partners.listener, clock);
    const holdOut = new HoldOutCommands(new HoldOutRepository(), holdOuts);
    const writer = new ReceiptWriter(this.repository, channelDays, new Outbox(clock));
    this.recorder = new RecordReceiptsService(this.database, intake, writer, this.relay, holdOut);
    this.totals = new PutReceiptTotalsService(this.database, contexts, channelDays);
  }

  static async start(url: string): Promise<ReceiptsProcess> {
    const partners = await PartnersProcess.start(url);
    return new ReceiptsProcess(partners, await createDataSource(url, { poolSize: POOL_SIZE }).initialize());
  }

  /** Statements in transactions so far. */
  get statements(): number {
    return this.database.statements;
  }

  async stop(): Promise<void> {
    await this.relay.onModuleDestroy();
    await this.source.destroy();
    await this.partners.stop();
  }

  /** A partner with one till. */
  async buildTill(): Promise<{ pos: PartnerPrincipal; channelId: string }> {
    const partner = await this.partners.buildPartner();
    const channel = await this.partners.buildChannel(partner.id);
    return { pos: posOf(partner.id), channelId: channel.id };
  }

  async rows<T extends object = SqlRow>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return this.database.read((tx) => tx.rows<T>(sql, params));
  }
}

export function posOf(partnerId: string, channelId: string | null = null): PartnerPrincipal {
  return { keyId: 'pos', role: 'pos', partnerId, channelId };
}

export const eurosOf = (minor: bigint) => ({ minor, currency: 'EUR' });

export function buildReceipt(
  channelId: string,
  externalId: string,
  overrides: Partial<PostedReceipt> = {},
): PostedReceipt {
  const occurredAt = Date.UTC(2026, 5, 15, 10);
  return {
    externalId,
    channelId,
    number: `N-${externalId}`,
    occurredAt,
    total: eurosOf(1_000n),
    ...overrides,
  };
}

export function buildTotal(channelId: string, overrides: Partial<ReceiptTotal> = {}): ReceiptTotal {
  return { channelId, date: '2026-06-15', receipts: 120, revenue: eurosOf(240_000n), ...overrides };
}

import type { DataSource } from 'typeorm';
import { ApiKeyPrincipals } from '../../src/partners/api-key-principals.js';
import { ApiKeyRepository } from '../../src/partners/api-key.repository.js';
import { ApiKeysService } from '../../src/partners/api-keys.service.js';
import {
  ChannelRepository,
  type ChannelRecord,
  type NewChannel,
} from '../../src/partners/channel.repository.js';
import { ChannelsService } from '../../src/partners/channels.service.js';
import { OperatorKeyRepository } from '../../src/partners/operator-key.repository.js';
import { OperatorKeyService } from '../../src/partners/operator-key.service.js';
import { PartnerDirectory } from '../../src/partners/partner-directory.read-model.js';
import { PartnerReadModel } from '../../src/partners/partner.read-model.js';
import { type Partner, PartnerRepository } from '../../src/partners/partner.repository.js';
import { PartnersService } from '../../src/partners/partners.service.js';
import type { OperatorPrincipal, PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Listener } from '../../src/platform/database/listener.js';

export const OPERATOR: OperatorPrincipal = { keyId: 'operator', role: 'operator', partnerId: null };

export function adminOf(partnerId: string): PartnerPrincipal {
  return { keyId: 'admin', role: 'admin', partnerId, channelId: null };
}

/** The machine's clock, some time ahead. */
export class ShiftedClock extends Clock {
  aheadMs = 0;

  override now(): number {
    return super.now() + this.aheadMs;
  }
}

/** Counts the queries for keys. */
class CountedApiKeys extends ApiKeyRepository {
  queries = 0;

  override findLive(
    ...question: Parameters<ApiKeyRepository['findLive']>
  ): ReturnType<ApiKeyRepository['findLive']> {
    this.queries += 1;
    return super.findLive(...question);
  }
}

/** The partners feature as one process of many has it, without HTTP. */
export class PartnersProcess {
  readonly clock = new ShiftedClock();
  readonly database: Database;
  readonly readModel = new PartnerReadModel();
  readonly directory: PartnerDirectory;
  readonly partners: PartnersService;
  readonly channels: ChannelsService;
  readonly keys: ApiKeysService;
  readonly operatorKeys: OperatorKeyService;
  readonly principals: ApiKeyPrincipals;
  private readonly countedKeys = new CountedApiKeys();

  private constructor(
    private readonly source: DataSource,
    readonly listener: Listener,
  ) {
    const repository = new PartnerRepository();
    this.database = new Database(source);
    this.directory = new PartnerDirectory(this.database, this.readModel, listener, this.clock);
    this.partners = new PartnersService(this.database, repository, this.clock);
    this.channels = new ChannelsService(this.database, repository, new ChannelRepository(), this.clock);
    this.keys = new ApiKeysService(this.database, this.countedKeys, this.readModel, this.clock);
    this.operatorKeys = new OperatorKeyService(this.database, new OperatorKeyRepository());
    this.principals = new ApiKeyPrincipals(this.database, this.countedKeys, this.clock, listener);
  }

  /** `listenUrl` lets a test break the line on which changes are heard and no other. */
  static async start(url: string, listenUrl: string = url): Promise<PartnersProcess> {
    const source = await createDataSource(url, { poolSize: 5 }).initialize();
    const process = new PartnersProcess(source, new Listener(listenUrl));
    await process.listener.onApplicationBootstrap();
    return process;
  }

  get keyQueries(): number {
    return this.countedKeys.queries;
  }

  async stop(): Promise<void> {
    await this.listener.onModuleDestroy();
    await this.source.destroy();
  }

  async buildPartner(overrides: Partial<Parameters<PartnersService['create']>[0]> = {}): Promise<Partner> {
    const defaults = { name: 'Gym', country: 'DE', currency: 'EUR', timeZone: 'Europe/Berlin' };
    return this.partners.create({ ...defaults, industry: null, priceSegment: null, ...overrides });
  }

  async buildChannel(partnerId: string, overrides: Partial<NewChannel> = {}): Promise<ChannelRecord> {
    const defaults = {
      kind: 'pos',
      name: 'Till',
      externalRef: null,
      timeZone: null,
      marginRate: null,
    } as const;
    return this.channels.add(OPERATOR, partnerId, { ...defaults, ...overrides });
  }

  /** Issues a key and answers its id and text. */
  async buildKey(
    partnerId: string,
    overrides: Partial<Parameters<ApiKeysService['issue']>[2]> = {},
  ): Promise<{ id: string; key: string }> {
    const defaults = { role: 'marketer', channelId: null, label: 'test', expiresAt: null } as const;
    return this.keys.issue(OPERATOR, partnerId, { ...defaults, ...overrides });
  }
}

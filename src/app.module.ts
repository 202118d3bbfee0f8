import { type DynamicModule, Module } from '@nestjs/common';
import { AttributionModule } from './attribution/attribution.module.js';
import { attributeFacts } from './attribution/attribute-facts.job.js';
import { convertWaitingFacts } from './attribution/convert-waiting-facts.job.js';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { CodesModule } from './codes/codes.module.js';
import { generateCoupons } from './codes/generate-coupons.job.js';
import { CreditsModule } from './credits/credits.module.js';
import { eraseCustomers } from './erasures/erase-customers.job.js';
import { ErasuresModule } from './erasures/erasures.module.js';
import { HoldOutModule } from './hold-out/hold-out.module.js';
import { OverlapModule } from './overlap/overlap.module.js';
import { PartnersModule } from './partners/partners.module.js';
import { ClockModule } from './platform/clock/clock.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { RatesModule } from './rates/rates.module.js';
import { ReceiptsModule } from './receipts/receipts.module.js';
import { ReciprocityModule } from './reciprocity/reciprocity.module.js';
import { RedemptionsModule } from './redemptions/redemptions.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { TouchesModule } from './touches/touches.module.js';
import { UpliftModule } from './uplift/uplift.module.js';
import { StaffModule } from './staff/staff.module.js';
import { TargetsModule } from './targets/targets.module.js';

export interface AppSettings {
  readonly databaseUrl: string;
  /** Unset: the queue is kept in the same PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly poolSize: number;
  readonly worksQueue: boolean;
  /** Where customers reach the service; unset: what a request says. */
  readonly publicUrl?: string | undefined;
}

@Module({})
export class AppModule {
  static register(settings: AppSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ClockModule,
        MetricsModule,
        DatabaseModule.register({ url: settings.databaseUrl, poolSize: settings.poolSize }),
        QueueModule.register({
          store: settings.redisUrl
            ? { kind: 'redis', url: settings.redisUrl }
            : { kind: 'postgres', url: settings.databaseUrl },
          startWorkers: settings.worksQueue,
          contracts: [attributeFacts, convertWaitingFacts, generateCoupons, eraseCustomers],
        }),
        OutboxModule,
        HttpModule,
        HealthModule,
        RatesModule,
        PartnersModule,
        CampaignsModule,
        HoldOutModule,
        CodesModule,
        TouchesModule.register({ publicUrl: settings.publicUrl ?? null }),
        ReceiptsModule,
        RedemptionsModule,
        AttributionModule,
        CreditsModule,
        UpliftModule,
        ErasuresModule,
        ReportsModule,
        ReciprocityModule,
        StaffModule,
        OverlapModule,
        TargetsModule,
      ],
    };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';
import { PartnersModule } from '../partners/partners.module.js';
import { ClickBuffer } from './click-buffer.js';
import { ClicksController } from './clicks.controller.js';
import { CustomerSummaryController } from './customer-summary.controller.js';
import { CustomerSummaryReadModel } from './customer-summary.read-model.js';
import { CustomerSummaryService } from './customer-summary.service.js';
import { FollowLinkService } from './follow-link.service.js';
import { LinkRepository } from './link.repository.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { PUBLIC_URL, PublicOrigin } from './public-origin.js';
import { RecordTouchesService } from './record-touches.service.js';
import { TouchIntake } from './touch-intake.js';
import { TouchPlacementRepository } from './touch-placement.repository.js';
import { TouchRepository } from './touch.repository.js';
import { TouchesController } from './touches.controller.js';

/** Contacts of customers with placements before they redeem: posted by partners, or counted behind links. */
@Module({})
export class TouchesModule {
  /** `publicUrl`: where customers reach the service; null takes what a request says. */
  static register({ publicUrl }: { readonly publicUrl: string | null }): DynamicModule {
    return {
      module: TouchesModule,
      imports: [PartnersModule],
      controllers: [TouchesController, LinksController, ClicksController, CustomerSummaryController],
      providers: [
        { provide: PUBLIC_URL, useValue: publicUrl },
        PublicOrigin,
        TouchIntake,
        TouchPlacementRepository,
        TouchRepository,
        RecordTouchesService,
        LinkRepository,
        LinksService,
        ClickBuffer,
        FollowLinkService,
        CustomerSummaryReadModel,
        CustomerSummaryService,
      ],
    };
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { CampaignReportsService } from './campaign-reports.service.js';
import { renderReport } from './domain/report-answer.js';
import {
  comparedCampaignsResponse,
  type ComparedCampaignsResponse,
  type ComparisonQuery,
  comparisonQuery,
  periodOf,
} from './reports.dto.js';

@ApiTags('reports')
@Controller('v1/reports')
@Allow('operator', 'admin', 'marketer', 'finance')
export class ComparisonController {
  constructor(private readonly reports: CampaignReportsService) {}

  @Get('comparison')
  @ApiOperation({
    summary: 'The figures of several campaigns side by side',
    description: 'Each in the currency of its campaign: nothing is converted, and nothing is added up.',
  })
  @ApiOkResponse({ standardSchema: comparedCampaignsResponse })
  async compare(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: comparisonQuery }) query: ComparisonQuery,
  ): Promise<ComparedCampaignsResponse> {
    const reports = await this.reports.compare(principal, query.campaignIds, periodOf(query));
    return { campaigns: reports.map(renderReport) };
  }
}

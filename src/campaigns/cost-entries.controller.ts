import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  costEntryPage,
  type CostEntryPage,
  costEntryRequest,
  type CostEntryRequest,
  costEntryResponse,
  type CostEntryResponse,
  toCostEntryPage,
  toCostEntryResponse,
} from './cost-entries.dto.js';
import { CostEntriesService } from './cost-entries.service.js';

@ApiTags('costs')
@Controller('v1/campaigns/:id/costs')
@Allow('operator', 'admin', 'marketer', 'finance')
export class CostEntriesController {
  constructor(private readonly costs: CostEntriesService) {}

  @Post()
  @ApiOperation({ summary: 'Record money spent, or planned to be spent, on a campaign' })
  @ApiCreatedResponse({ standardSchema: costEntryResponse })
  async record(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Body({ schema: costEntryRequest }) body: CostEntryRequest,
  ): Promise<CostEntryResponse> {
    return toCostEntryResponse(await this.costs.record(principal, id, body));
  }

  @Get()
  @ApiOperation({ summary: 'List the costs of a campaign, planned and actual' })
  @ApiOkResponse({ standardSchema: costEntryPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<CostEntryPage> {
    return toCostEntryPage(await this.costs.list(principal, id, pageRequest(query)));
  }
}

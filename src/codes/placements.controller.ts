import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import { ListPlacementsService } from './list-placements.service.js';
import { placementPage, type PlacementPage, toPlacementPage } from './placements.dto.js';

@ApiTags('codes')
@Controller('v1/offers/:id/placements')
export class PlacementsController {
  constructor(private readonly placements: ListPlacementsService) {}

  @Get()
  @Allow('operator', 'admin', 'marketer', 'pos')
  @ApiOperation({ summary: 'Where codes of an offer are handed out, for its issuer and its redeemer' })
  @ApiOkResponse({ standardSchema: placementPage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) offerId: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<PlacementPage> {
    return toPlacementPage(await this.placements.list(principal, offerId, pageRequest(query)));
  }
}

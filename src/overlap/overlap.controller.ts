import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { type OverlapQuery, overlapQuery, overlapResponse } from './overlap.dto.js';
import { type OverlapReport, OverlapService } from './overlap.service.js';

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class OverlapController {
  constructor(private readonly overlap: OverlapService) {}

  @Get('overlap')
  @ApiOperation({
    summary: 'How many own customers this campaign shares with each other campaign of the partner',
  })
  @ApiOkResponse({ standardSchema: overlapResponse })
  async ofPartner(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: overlapQuery }) { partnerId }: OverlapQuery,
  ): Promise<OverlapReport> {
    return this.overlap.ofPartner(principal, id, partnerId);
  }
}

import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { CampaignUpliftService } from './campaign-uplift.service.js';
import { renderUplift } from './uplift-answer.js';
import { type UpliftQuery, upliftQuery, upliftResponse, type UpliftResponse } from './uplift.dto.js';

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class UpliftController {
  constructor(private readonly uplift: CampaignUpliftService) {}

  @Get('uplift')
  @ApiOperation({
    summary:
      'What the campaign added at a redeemer, against what would have been without it, and how sure that is',
    description:
      'Only days that are over count. The redeemer and the operator may choose days and controls; other participants see the effect of the whole.',
  })
  @ApiOkResponse({ standardSchema: upliftResponse })
  async measure(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: upliftQuery }) query: UpliftQuery,
  ): Promise<UpliftResponse> {
    return renderUplift(await this.uplift.measure(principal, id, query));
  }
}

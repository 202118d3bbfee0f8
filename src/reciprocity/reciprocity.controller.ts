import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import type { Reciprocity } from './domain/build-reciprocity.js';
import { type ReciprocityQuery, reciprocityQuery, reciprocityResponse } from './reciprocity.dto.js';
import { ReciprocityService } from './reciprocity.service.js';

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class ReciprocityController {
  constructor(private readonly reciprocity: ReciprocityService) {}

  @Get('reciprocity')
  @ApiOperation({ summary: 'Who sent whom how many customers and how much money, and what came back' })
  @ApiOkResponse({ standardSchema: reciprocityResponse })
  async exchange(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
    @Query({ schema: reciprocityQuery }) { from, to }: ReciprocityQuery,
  ): Promise<Reciprocity> {
    return this.reciprocity.exchange(principal, id, { ...(from && { from }), ...(to && { to }) });
  }
}

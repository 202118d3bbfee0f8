import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import { targetsResponse } from './targets.dto.js';
import { type TargetReport, TargetsService } from './targets.service.js';

@ApiTags('reports')
@Controller('v1/campaigns/:id')
@Allow('operator', 'admin', 'marketer', 'finance')
export class TargetsController {
  constructor(private readonly targets: TargetsService) {}

  @Get('targets')
  @ApiOperation({
    summary: 'Plan against actual, and where it is going',
    description:
      'The parts `low` and `high` of a forecast are its 95 % interval: the days so far, weekday by weekday, carried on to the end.',
  })
  @ApiOkResponse({ standardSchema: targetsResponse })
  async progress(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<TargetReport> {
    return this.targets.progress(principal, id);
  }
}

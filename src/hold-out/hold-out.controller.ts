import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { uuid } from '../platform/http/schemas.js';
import {
  assignmentsRequest,
  type AssignmentsRequest,
  assignmentsResponse,
  type AssignmentsResponse,
  toAssignmentsResponse,
} from './hold-out.dto.js';
import { HoldOutService } from './hold-out.service.js';

@ApiTags('codes')
@Controller('v1/campaigns/:id/hold-out')
export class HoldOutController {
  constructor(private readonly holdOut: HoldOutService) {}

  @Post('assignments')
  @Allow('admin', 'marketer', 'pos')
  @HttpCode(200)
  @HasNaturalKey()
  @ApiOperation({
    summary: 'Which of up to 1,000 customers a mailing may reach; one arm per customer, in order',
    description:
      'For those who hand out codes of an approved campaign with a hold-out. Everybody asked for is recorded, and a customer keeps its arm for good: asking again answers the same.',
  })
  @ApiOkResponse({ standardSchema: assignmentsResponse })
  async assign(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Param('id', { schema: uuid() }) campaignId: string,
    @Body({ schema: assignmentsRequest }) { customers }: AssignmentsRequest,
  ): Promise<AssignmentsResponse> {
    return toAssignmentsResponse(await this.holdOut.assign(principal, campaignId, customers));
  }
}

import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { uuid } from '../platform/http/schemas.js';
import {
  customerSummaryResponse,
  type CustomerSummaryResponse,
  toCustomerSummaryResponse,
} from './customer-summary.dto.js';
import { CustomerSummaryService } from './customer-summary.service.js';

@ApiTags('customers')
@Controller('v1/campaigns/:id/customers')
export class CustomerSummaryController {
  constructor(private readonly summaries: CustomerSummaryService) {}

  @Get('summary')
  @Allow('operator', 'admin', 'marketer', 'finance')
  @ApiOperation({
    summary: 'How many customers the campaign has seen, and how many of them at more than one participant',
    description:
      "In whole tens, up to yesterday: so nobody can test whether somebody is another partner's customer.",
  })
  @ApiOkResponse({ standardSchema: customerSummaryResponse })
  async summary(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<CustomerSummaryResponse> {
    return toCustomerSummaryResponse(id, await this.summaries.summary(principal, id));
  }
}

import { Body, Controller, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { PutReceiptTotalsService } from './put-receipt-totals.service.js';
import * as totals from './receipt-totals.dto.js';
import * as receipts from './receipts.dto.js';
import { RecordReceiptsService } from './record-receipts.service.js';

@ApiTags('receipts')
@Controller('v1')
export class ReceiptsController {
  constructor(
    private readonly recorder: RecordReceiptsService,
    private readonly totals: PutReceiptTotalsService,
  ) {}

  @Post('receipts/batch')
  @Allow('pos')
  @HttpCode(200)
  @HasNaturalKey()
  @ApiOperation({
    summary: 'Post up to 1,000 receipts, with or without a code; one result per item, in order',
  })
  @ApiOkResponse({ standardSchema: receipts.receiptBatchResponse })
  async recordBatch(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: receipts.receiptBatchRequest }) body: receipts.ReceiptBatchRequest,
  ): Promise<receipts.ReceiptBatchResponse> {
    return receipts.toReceiptBatchResponse(await this.recorder.record(principal, body.items));
  }

  @Put('receipt-totals')
  @Allow('pos', 'finance', 'admin')
  @ApiOperation({
    summary: 'Put the totals of up to 1,000 days, all or none; replaces what was put for a channel and day',
  })
  @ApiOkResponse({ standardSchema: totals.receiptTotalsResponse })
  async putTotals(
    @CurrentPrincipal() principal: PartnerPrincipal,
    @Body({ schema: totals.receiptTotalsRequest }) body: totals.ReceiptTotalsRequest,
  ): Promise<totals.ReceiptTotalsResponse> {
    await this.totals.put(principal, body.items);
    return totals.toReceiptTotalsResponse(body.items);
  }
}

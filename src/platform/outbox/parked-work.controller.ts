import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/allow.decorator.js';
import { pageRequest } from '../http/page.js';
import { pageQuery, type PageQuery, uuid } from '../http/schemas.js';
import {
  parkedWorkPage,
  type ParkedWorkPage,
  retriedResponse,
  type RetriedResponse,
  toParkedWorkPage,
} from './parked-work.dto.js';
import { ParkedWorkService } from './parked-work.service.js';

@ApiTags('operations')
@Controller('v1/outbox/parked')
@Allow('operator')
export class ParkedWorkController {
  constructor(private readonly parked: ParkedWorkService) {}

  @Get()
  @ApiOperation({ summary: 'List work that failed for good, with the reasons; reports lack its facts' })
  @ApiOkResponse({ standardSchema: parkedWorkPage })
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<ParkedWorkPage> {
    return toParkedWorkPage(await this.parked.list(pageRequest(query)));
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have all of it tried again' })
  @ApiOkResponse({ standardSchema: retriedResponse })
  async retryAll(): Promise<RetriedResponse> {
    return { retried: await this.parked.retryAll() };
  }

  @Post(':id/retry')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have it tried again, once its cause is mended' })
  @ApiNoContentResponse({ description: 'It is tried again at once, and as often as the first time' })
  async retry(@Param('id', { schema: uuid() }) id: string): Promise<void> {
    await this.parked.retry(id);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, CurrentPrincipal } from '../platform/auth/allow.decorator.js';
import type { Principal } from '../platform/auth/principal.js';
import { HasNaturalKey } from '../platform/http/idempotency.interceptor.js';
import { pageRequest } from '../platform/http/page.js';
import { pageQuery, type PageQuery, uuid } from '../platform/http/schemas.js';
import {
  erasurePage,
  type ErasurePage,
  erasureRequest,
  type ErasureRequestBody,
  erasureResponse,
  type ErasureResponse,
  toErasurePage,
  toErasureResponse,
} from './erasures.dto.js';
import { ErasuresService } from './erasures.service.js';

@ApiTags('customers')
@Controller('v1/customers/erasures')
@Allow('operator', 'admin')
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  @Post()
  @HttpCode(202)
  // Twice is once anyhow, and a stored answer would come with a hash of the body, which names the customer.
  @HasNaturalKey()
  @ApiOperation({
    summary:
      'Forget a customer: what the partner has of them leads to nobody any more, and no figure changes',
    description:
      'Every detail that is given is forgotten. What is posted of the customer afterwards is of a customer whom nobody has seen before.',
  })
  @ApiAcceptedResponse({ standardSchema: erasureResponse })
  async request(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: erasureRequest }) body: ErasureRequestBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureResponse> {
    const erasure = await this.erasures.request(principal, body);
    void reply.header('location', `/v1/customers/erasures/${erasure.id}`);
    return toErasureResponse(erasure);
  }

  @Get()
  @ApiOperation({ summary: 'Who had customers forgotten, and when; never whom' })
  @ApiOkResponse({ standardSchema: erasurePage })
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<ErasurePage> {
    return toErasurePage(await this.erasures.list(principal, pageRequest(query)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far an erasure is' })
  @ApiOkResponse({ standardSchema: erasureResponse })
  async find(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: uuid() }) id: string,
  ): Promise<ErasureResponse> {
    return toErasureResponse(await this.erasures.find(principal, id));
  }
}

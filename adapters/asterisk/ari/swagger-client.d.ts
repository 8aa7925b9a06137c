/** The part of swagger-client 2.0.26 that is replaced: https://github.com/swagger-api/swagger-js */
declare module 'swagger-client' {
  interface SwaggerRequest {
    readonly url: string;
    readonly on: {
      response(response: { obj: object }): void;
      error(response: { status: number | undefined; statusText: string }): void;
    };
  }

  export const SwaggerHttp: { readonly prototype: { execute(request: SwaggerRequest): void } };
}

import openapiTypes, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript'

/** The types of every path and shape in the document, as the web app and other clients read them. What has a default may be left out. */
export const clientTypes = async (openapi: string): Promise<string> =>
  `${COMMENT_HEADER}${astToString(await openapiTypes(JSON.parse(openapi) as OpenAPI3, { defaultNonNullable: false }))}`

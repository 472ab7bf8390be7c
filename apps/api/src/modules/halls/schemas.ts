export const hallsShapes: object[] = []

export const moviesShapes: object[] = []

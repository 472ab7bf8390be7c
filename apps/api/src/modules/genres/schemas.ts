export const genresShapes: object[] = []

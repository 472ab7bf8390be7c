export const certificationsShapes: object[] = []

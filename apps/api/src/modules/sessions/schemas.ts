export const sessionsShapes: object[] = []

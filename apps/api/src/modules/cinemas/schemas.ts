export const cinemasShapes: object[] = []

import JWT

enum Martlet: Equatable {
    case accepted(subject: String)
    case refused(TokenRejection)
}

enum JWTKitOpinion: Equatable {
    case accepted(subject: String)
    case refused(String)
}

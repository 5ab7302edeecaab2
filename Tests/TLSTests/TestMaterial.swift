/// Certificates and keys that were made for these tests and are good for nothing else.
enum TestMaterial {
    /// Of `localhost`, signed by ``authority``, to 2120.
    static let certificate = bytes(
        """
        -----BEGIN CERTIFICATE-----
        MIIBSTCB76ADAgECAhRLnN3oRJYZO0AZ/I0+JyFTOD+9kjAKBggqhkjOPQQDAjAZ
        MRcwFQYDVQQDDA50ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw
        MDEwMTAwMDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEQXxukLx3ZK0PIPCgtFuXMYArTYTVC7ovyQrjkw9A1KFiGkLA
        qau0RR+7Brk2cKaYcfBSc6CvGP79Aw2dAeKei6MYMBYwFAYDVR0RBA0wC4IJbG9j
        YWxob3N0MAoGCCqGSM49BAMCA0kAMEYCIQCCYyc4QjK+akoe2i01E8vLoS2laE/t
        C/Z+gjXNfDPOIgIhAP8bPxOxX3tlG0EjGT7mPz07UKtjKrJptYq1nu+k8jAP
        -----END CERTIFICATE-----
        """
    )

    /// The key of ``certificate`` and of ``expiredCertificate``.
    static let key = bytes(
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCEn77cUr6iZ9D7lZ
        fESyONYejOU4MzKCu2l4auQBt82hRANCAARBfG6QvHdkrQ8g8KC0W5cxgCtNhNUL
        ui/JCuOTD0DUoWIaQsCpq7RFH7sGuTZwpphx8FJzoK8Y/v0DDZ0B4p6L
        -----END PRIVATE KEY-----
        """
    )

    static let otherKey = bytes(
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4ugQ5zu01AytFqE5
        1+ft4t+mfb/V3WPNpaBWjaeaEZihRANCAAQyly9nUMeTRUVG+I5PUSu1MUjUKajs
        4MuJAF++pVC0ZCdmCjo0Frh3Fm83RLVGsHh5QacCKYLnCD5y+p90YZcM
        -----END PRIVATE KEY-----
        """
    )

    /// ``key`` under a passphrase.
    static let encryptedKey = bytes(
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDxNCqfzDReZFIcwd6o
        v2N4AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ9L8vr3aaLL6x5w2a
        Q7tB2gSBkJKteDl+UrZRSDR3AmWDJVnKf2f+OLvwZbmNnAWHFHbJWEq2R1Z8EL6t
        Ziv9AC5qOUg3RNI+xw5N1qGFmDmjEOUnmz3oFMjWNDXPoaonCuR387U1XphdU3hH
        BkgLqcOTNHlMDtjOGLE5olH4Z8NiNejUqvTfVMKVyAiyRiWqWJMt6s0EbM3LOTuo
        6AUuFwOWvw==
        -----END ENCRYPTED PRIVATE KEY-----
        """
    )

    static let authority = bytes(
        """
        -----BEGIN CERTIFICATE-----
        MIIBTTCB9KADAgECAhQ5kMJKYqwDSDFY3XbxXuL9/ewGajAKBggqhkjOPQQDAjAZ
        MRcwFQYDVQQDDA50ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw
        MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwWTATBgcqhkjO
        PQIBBggqhkjOPQMBBwNCAASQNJDbbkY86prnBvwr7RJukGcynMh/6SWtlOc1Oqdf
        Zsy7tcKRlHygvwZdQjJnAp9HwUqFrRUDiEc6KsJ2+w/RoxgwFjAUBgNVHREEDTAL
        gglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDSAAwRQIgRthtR0Ji0xq8TdZ35IeqjR4D
        x6QEzuMSvnjuL3mZK8sCIQD0iyh/Q3GbjE0FNxPZ31r5WO/1nREhqngouBWrVkQs
        mw==
        -----END CERTIFICATE-----
        """
    )

    /// Good for 2020.
    static let expiredCertificate = bytes(
        """
        -----BEGIN CERTIFICATE-----
        MIIBQDCB6KADAgECAhR5tgrbcxjWqoyYRu4KnnCtysZY3zAKBggqhkjOPQQDAjAU
        MRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAw
        MDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
        BwNCAARBfG6QvHdkrQ8g8KC0W5cxgCtNhNULui/JCuOTD0DUoWIaQsCpq7RFH7sG
        uTZwpphx8FJzoK8Y/v0DDZ0B4p6LoxgwFjAUBgNVHREEDTALgglsb2NhbGhvc3Qw
        CgYIKoZIzj0EAwIDRwAwRAIgerNufZkmfdL6/Rcs8CukYMsS0W0Qf3a0n9mEdlsF
        2rgCIBg40i325dmZycAZ08JpVT5twL0LE5FvrnQZOph18B3b
        -----END CERTIFICATE-----
        """
    )

    private static func bytes(_ text: String) -> [UInt8] {
        Array((text + "\n").utf8)
    }
}

extension FixedToken {
    static let issuedAt: Int64 = 1_764_230_400

    /// One for each algorithm, made by `martlet keys generate` and `martlet token`; the private
    /// halves of the keys were thrown away, and the secrets have protected nothing.
    static let all: [FixedToken] = [
        FixedToken(
            algorithm: "HS256",
            jwk: #"""
                {"k":"ccAzCo0xlHqEtwhBxtkB-0cmqprGv2YFMbxk95Lp8Hc","kty":"oct","use":"sig","alg":\#
                "HS256"}
                """#,
            text: """
                eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi\
                c3ViIjoiYmVuY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluI\
                iwid29ya3NwYWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIj\
                oiMDAwMDAwMDAiLCJuYmYiOjE3NjQyMzA0MDB9.xL5Xy4oeoQl8jdW9hjwLkxs9qxlICIsx1H5xWS4eNW\
                U
                """
        ),
        FixedToken(
            algorithm: "HS384",
            jwk: #"""
                {"k":"CQf3gE0n_VcQDxRmDvVB8G0MZiMa4N4o99e6sCoktrP17u4VZ3NitKmdQCnCmCnh","kty":"oc\#
                t","use":"sig","alg":"HS384"}
                """#,
            text: """
                eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi\
                c3ViIjoiYmVuY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluI\
                iwid29ya3NwYWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIj\
                oiMDAwMDAwMDAiLCJuYmYiOjE3NjQyMzA0MDB9.1V0hYDxNzmrJq8G8Er3IpKdDZwT2AevQhRqpit600q\
                funrlUI8jkhRIkB9tEE9Cm
                """
        ),
        FixedToken(
            algorithm: "HS512",
            jwk: #"""
                {"k":"1BePc9xR0k5B_8RYGK-I5-vDSakYPMsKiPBFXq_cysv6QOmDTvsIZdL8DY5fTMTeUZu5hMtggYV\#
                JAoI9MJ4QiA","kty":"oct","use":"sig","alg":"HS512"}
                """#,
            text: """
                eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi\
                c3ViIjoiYmVuY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluI\
                iwid29ya3NwYWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIj\
                oiMDAwMDAwMDAiLCJuYmYiOjE3NjQyMzA0MDB9.04mVuqWasIJA-UAmDrZngbgaRLluj6Ovsj6miOlkax\
                t02LetwPzINKnKVKKXWmAZK-ZVhxajgIQf0bFIMIefdQ
                """
        ),
        FixedToken(
            algorithm: "RS256",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"wIHJJfVAtDs6JDg2aGlL15V0OYytKtL8GtQ-TUCrvktSYA1c5PDS\#
                O3gQeSTS1HVrT1qR6jBXX3M5e3EfBeX-LpZBoetc3icncoTfG-Dfgz6Zz5b0iVuldyqqQgo3GY_sOAEad\#
                bRCpyK3m9nak71LMQkYov28A5dezv-S6orlustSq-26yiZSsw4wvcsXjnT7mzPvV6xzvu7ZKtu4STefer\#
                2v8dIuXAuHmu8ZOduANhA7vevdgi5EXkYJFMN70o05NDdLGCgwVAROPnD1JdL8TR_25_wMXayvsynTC2I\#
                uzZsGS3JVZ5xFwAyQ8IE8k9jNkUElYrqutnlogtR-U_eoxw","use":"sig","alg":"RS256","kid":\#
                "jXNJHMc-JMq8h0HyzaUTOv013H3dgBIfVJLaKJ45d_Y"}
                """#,
            text: """
                eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImpYTkpITWMtSk1xOGgwSHl6YVVUT3YwMTNIM\
                2RnQklmVkpMYUtKNDVkX1kifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.VEADBXHrPOlkjUp7zQdBudtHgWct_GprxdVT2nMqodMCIQecXAtLP\
                YAUwkGmydGkunefcbuPiyK7RANdpzH8ngL0l91qRuUKR-BBJXFNudDYE2ze0YHrEyH7KxWwB7NwC6sxOG\
                D1ikOtgErihCJSeD_ov-9NazgzSzl5N-uBbaA9Oz8QhH60ztUPznC-LM4zTfbSmyaSlMa8G_r_Pmh-xaj\
                StA9i6V39XXGj8w6_UTanB7XXTelyMT6Rj0Di9uYUckEsmRjqveng-2akQVB6o1e1rYAYNnV5_HR2WzVw\
                btx8nVMdFRG7Ynh9oZ6RuWg_AJIFppoi2coDT_rWWBUUAA
                """
        ),
        FixedToken(
            algorithm: "RS384",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"wn5FH5zCDuEMXTdbtBFyBhDl2Nxj6bRcImmEY0mRIuKHs8HI8VLd\#
                wkOVnbEZGdJbZVCJGNPvG9Sa7HWQLUInP6N-SLw7XaUSux26-5iGniYXdUoMYnn8C3SP-Oyuz04dwGBuH\#
                E9JQhlHxtUA5uM2vYay6MTpZO2XitJBshyXp_ixDQtlRpS8w05Hl_NL-sWZveaijgcu85NhFwQX9QKFAw\#
                q2TH8la_Xx-QEJZDJrzq2YTG7E4Gnx_CHFKTfIVd2D4813o3yBuIsSisQvWh8RrJBBrfR7e3Rl_dEtZim\#
                lR7IVEMKfwiFC3KkcvJDQ59IRyukGxQLVRIVuAizvo4vK7Q","use":"sig","alg":"RS384","kid":\#
                "NNrYoz9bILr0Zv7anA1HsYVzza0NNOXgFW4m5HJ04_Q"}
                """#,
            text: """
                eyJhbGciOiJSUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6Ik5OcllvejliSUxyMFp2N2FuQTFIc1lWenphM\
                E5OT1hnRlc0bTVISjA0X1EifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.EqXiYrJlQdp45UaKpxaN1aDPaRm7YVuAqC2ENbzTxqDOMvnEmoGlt\
                q8ZFqkNm2SDR4YS2E87ngnLZax9r7k1aawM6-EHLB81-xAWk0P4xsSO04Nrn9Ye9uCRZ6FXhNFWxMNu5v\
                TmlINlL2EpVug8mc71bhcoBQ0D3_e7zzjnoEXTbnYrxPTXwhj4YFnKIfLggi-iNtbZBowh-ym2gCLAcP-\
                N4L3IndSl6h_RHIRi5liha21GHe4tNs7m6h85QaUkMMWI52im-pXkWhmtzHkxC-BKvm_zU9seK3VVhk5g\
                4fLLOlkWPJqKxGYe4PPhSrZykZNASROktxEphIFuNKsW9Q
                """
        ),
        FixedToken(
            algorithm: "RS512",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"tE4RrZX92qlO6K_OmyFoKx-FnNuc8HmM3-FkdALaIqr7OJyZ7BHO\#
                cGGen9ptT2M8quScTNUmIW8wv1na3u9ocF5rRfV_bzEZ0wAAW3IiMZ_NU_9CNR1Vs_zbV2BthuPPXNCtv\#
                j0n2nXEAYSBUOhSp8swIYEXfW217st7WRUoC9hd7YU-W-ItO1JLm9XA7W7d0MwWOCaadgKjwZCnlQ-0of\#
                B_XQfukhp_oQQDguYus-KaiIgkdt01od4Q8hL1ZVmzCTAVx7gA12Qs2y1H6nLMtu1pU3Xc3omGPbkG1Qw\#
                oKztKyPXMOTCSKLTFtysoY_1WUXmUjUhlsbkv12Yp_OEPtQ","use":"sig","alg":"RS512","kid":\#
                "FK0IoWU5XrNKs1Rx09iRt_KJDJyz4svjt_Y6bpkU61I"}
                """#,
            text: """
                eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6IkZLMElvV1U1WHJOS3MxUngwOWlSdF9LSkRKe\
                Xo0c3ZqdF9ZNmJwa1U2MUkifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.rxqQWijQWqgoQrApuUL8mWrrAQ7s_db_wjBO1-iFQgPjgGOEazAoh\
                vl2fK48oEBoPAVNrpqNBtrfh_aV9vV2E4TvFtJr9vJvxN5yW_ZVftymTW5lTsDytvyk1oX0nvfz1iO2qU\
                uCLuxfzDQmz1jn0sDFNPswYXXzpUAkOxTxmbre9udsGRmkkuo0W7EjEk7z308U3YQ9R0YJVYBXwBWEv25\
                qNPEsRnNplsNNHVchdUYVQYjNd13sMHgD2e-qHN3d-GDyhrkBx8ejGJaatyM5UoxfuE35cqPhNAvMug8F\
                fog6nQRAE2XDJ2sN5KV_9vwJimEXQPIK0pKAn2WJzCtT7w
                """
        ),
        FixedToken(
            algorithm: "PS256",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"v1-myVDt1xtG5rM3sqFuX7Y6g1N0t1IXTgxIn4CAjZOexvKQJj6_\#
                KLM_qMgG3ZaIyzSlJZvo2lj9JOSvsDRHjF0ll1CG_iy2VJNtkRrMZBd5eedl6KwMCoKnpnvZDBl-uRMle\#
                JvMgEh_Q8EnwrfgWRUcvvXdzn7DbjXZQCXdzC3jC7ABbEDd26pv5BJ9sv3Cs8gV19-TEN4jVTPNOUEUjT\#
                PGe8K8bBeuRU8xyai0FWdEY-M5tuc3w1ue1JplQtBs2z6NIscEaJ_CsNVVOMFvGFot3l9qyCwOlX_i7LK\#
                du0HcBnYIwkvArlTYnekA6_nUBNHBbJvpTQ6xVmiANIkn8w","use":"sig","alg":"PS256","kid":\#
                "Vr7woIDlN7GeoNtXfIBJzI_5TXAK_-Fmj5Qg-TeV0nU"}
                """#,
            text: """
                eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlZyN3dvSURsTjdHZW9OdFhmSUJKeklfNVRYQ\
                UtfLUZtajVRZy1UZVYwblUifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.QzlgEGp8S3DWfLDu_-8XGx_2tpkp72XvH3J_wEZecuabTvv9trKR3\
                ehol7IRInxQ2AbTOGF49FVxf8CU3QrX_7Sc_jXCcARQeR-9JLBceUk6ASyT5qE0k0jAmeHFQ2CSquYbng\
                MBoBbNFS3c54P700eW7P-14bWOyKQ_L8dvOrB4U3GbzveTOkO1eCG-LfZNgn2R07WSzea0AYW_tHOuHBG\
                9zf22nKEAti5GEswfiCO5JNg9zM3h8uLnSjI4PI70EcloNBfXfCLUg-PupjDFOPlAQ_tqL7Mw9QYZElvw\
                4pxY4tjXxuNR-cRlDAdqsKsRaitJgdIuKsh8ffE5Ej0-9Q
                """
        ),
        FixedToken(
            algorithm: "PS384",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"uvO8w_5FC1AmbZ_I39QECLcWPZAU-eYyE1QyYS1Ds736AQ3d3J5Q\#
                CuN0JY_H2_-_TwBvGnBdhgiLRzBvIf59k_ajaQ-umt-LOuttCrSmbJkDgNL9j-iij6Hsa1f3ECY-am1RY\#
                ZTokOVrfPInUZk38DsRzrxOKtDnOsW6vZumXDn8xEDFqOPFHowoh8ZC2f68CeyOp3C2Z9RYQQW337X-VW\#
                -fCGkv1bJDtT54tbT-JMh799ZlKJuSMNci_-Z9PWdvPX3eTMzfvNrhYZgrcfOj5CQPqDyidC7LMoRITlb\#
                S8rjOSchuKUQdCaJP2VAkUuycMatM2j008l1XU-GIJCBpVQ","use":"sig","alg":"PS384","kid":\#
                "EyH_CXaYND-0YhVtaz8ogUdimnUEhMuyLmF6_ckqJ5Y"}
                """#,
            text: """
                eyJhbGciOiJQUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6IkV5SF9DWGFZTkQtMFloVnRhejhvZ1VkaW1uV\
                UVoTXV5TG1GNl9ja3FKNVkifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.gsfoNguALaWzJXyUndJqcFUCTX5uqOupUqJT_o7HQUuRGEytzub2B\
                XMTOPQdiiXYXVk_d_80ZMKfv1CkmQ_NmCrUNNMWO_Z9xwVii-JBV5rrDr_Zye20dO3v9Cx5qnPvCywYgA\
                sZg6YWLY4HYDlz1dmrsJVgEWv0YW_NKdLaS_VLFHeVrNGoQt8BaZnc5-g8D6FaZ3Mhwu-6RYbmmimZMHw\
                6s426TQx2lBOnYEvlSlrjzCX53SKJVxo05pKMNeb2WYgga4B0mWvV9GtzrwoctqGC9Uepy0SZWx2AZW9U\
                nnetp8PTHWnRpvqaPSXM5XS4aRmkA8kN2fkyKcCw08JEDQ
                """
        ),
        FixedToken(
            algorithm: "PS512",
            jwk: #"""
                {"e":"AQAB","kty":"RSA","n":"6kYcfeuurqkDXSe03wA1SdYItoRZAsPqQwdNsgalcW4RYhg6LGGx\#
                vAV6s5cVptj5EKSHGmFR3-mgbgKyX3WGPaVJl76iJTlOI60B39KND4QBhK3zXh9iRLEecejWryEX6IUDA\#
                j_iFyxPNbuomFdqfOcv7wqwYDn4D46kdpRaQjnq6oDo5nrJ03s2sH2OTHrBvHGy9xWLDNTbLaUb5LnjUm\#
                ZcsykZ7sQgscjXP0PhV8Ubxy9Q9TFzb0QKB3WRMNXEHszjyl7I45jjGf_U18ra0T-7ZwTLmiN6flA2H_D\#
                yYwSRZujuG_rLP517PWE_vBre_CMfV-qH7UIgI59KCcHkUQ","use":"sig","alg":"PS512","kid":\#
                "2qcgC1fJQu2mDaTabo0ojXZTyzoY4HUFhyT3Yi4_DCE"}
                """#,
            text: """
                eyJhbGciOiJQUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6IjJxY2dDMWZKUXUybURhVGFibzBvalhaVHl6b\
                1k0SFVGaHlUM1lpNF9EQ0UifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.NphQjB9rzV4MXC4IhaQ67Jp1_TWkjeBO5Aof3TRxgxbihlXkbp9S9\
                Y5BKoBSJ1busFAm5bCJQffb79h5Q8qj7T54W2s9yfTdeVsqNKUAJ6eqmTC9YWrxDrHvmQZA_NIGv3pQsg\
                V0NtWMEigjVIociSS9SSP1fIo8TPf_sAS_4q5ZwXJX_IAhducRio6xbPJBSVIchKhrUPefkGNHxK57Mdt\
                e6XpjbX9iK4PBNN2CHHbMd1Sx6B7EqqF4E4OhNuptqKrKTYzTIHT7E7fDfhtFQT_XjhgVTmUJY2Z511NW\
                0iEE8-ppEwwvsaGbNMIBlcAuLWiKkJEExw-cMsLvK2JszQ
                """
        ),
        FixedToken(
            algorithm: "ES256",
            jwk: #"""
                {"crv":"P-256","kty":"EC","x":"sPq5_T-l5uLuHg7prEom3CtIWLocBCWGsCIPogDxdIU","y":"\#
                P-r5NW3asaKKWYC29SDLbD-wQTHHtCkL_CdGvSKnTpM","use":"sig","alg":"ES256","kid":"m3o\#
                AhFFIyx66L6FkOP7Dr_fupJUO0T27VX4v65YCj8U"}
                """#,
            text: """
                eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Im0zb0FoRkZJeXg2Nkw2RmtPUDdEcl9mdXBKV\
                U8wVDI3Vlg0djY1WUNqOFUifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.HHIBrbf_O68-IrH0G8oa6oJIXCZGOZwARf7jNAtMqNlhmEO_s7lgp\
                OVKQA9ZfTyr04ubHl5ssGp8p6YiBB7Fvw
                """
        ),
        FixedToken(
            algorithm: "ES384",
            jwk: #"""
                {"crv":"P-384","kty":"EC","x":"o37gvGNbF2SXXYgMcVOFvuRnoTMSY5r57Ou8P3Ei20AQ9tRQDy\#
                q0qFu3PTSNbfsl","y":"Uk6grLO1EyYnnTiOwHXKawvItuji57cQZEj1wa-bzeiYoyeWplZeYuDPvkib\#
                36s9","use":"sig","alg":"ES384","kid":"XeCJF7jI4iusCWG1VQFOuptShAHwgaFjvqBUNED4Ul\#
                4"}
                """#,
            text: """
                eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6IlhlQ0pGN2pJNGl1c0NXRzFWUUZPdXB0U2hBS\
                HdnYUZqdnFCVU5FRDRVbDQifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.8n-sRJX9uSuE2zn9tGM8IxD62owbNV3j3quUJrbN7GVa-aMUfzCav\
                MtzLWxh92JBMXSCyScP5X8hbJp6eX5cGO6q1aFuWkKUcYEdejOfXVmYnGGjYrbPMNKy2F3EvEv4
                """
        ),
        FixedToken(
            algorithm: "ES512",
            jwk: #"""
                {"crv":"P-521","kty":"EC","x":"ABisMPtIbHRkU7RXEK0l53T8JobCndiU2b8bowHGjZvt1UsiA6\#
                Ps7LNX5Z4iIp24sDABGKMIaECrqG41ljGcLt5j","y":"APs3NYKzcYbPql5Iqet00-OO04AwSFGwkGsC\#
                AbaSF8RdKUYufNEW2gxgVB9DuSUf8nDtGac7stNSerPEpu-7V0UR","use":"sig","alg":"ES512","\#
                kid":"foEsDo-Svmmj0D1hTXKWFHyi6k9ZcO1_c_48D8HmDVk"}
                """#,
            text: """
                eyJhbGciOiJFUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6ImZvRXNEby1Tdm1tajBEMWhUWEtXRkh5aTZrO\
                VpjTzFfY180OEQ4SG1EVmsifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.ARPnpGQqidjP419BvHtaVRZZV90jmdwKDfVgzq77NYP0huqjPBxUK\
                pfSCknW4JTBZn30AjxDaOmU11oWtXpnS8JiAH0f1t4nQ6nUWIONX4yvA3kS4-KUJM6E6q8dtzVnKvAnle\
                q-dGYH0I2OhVZZCIc3DlZPeuZg_x81ZX71cSXG8HuG
                """
        ),
        FixedToken(
            algorithm: "EdDSA",
            jwk: #"""
                {"crv":"Ed25519","kty":"OKP","x":"VG88_XD3liKCHvoYRolifIW4T_Z9RJxo37tDkgzHeu0","u\#
                se":"sig","alg":"EdDSA","kid":"7RdxVKhiCtqERGbPVsn8WdXbNqx4A1vqZ-1ABEG35wo"}
                """#,
            text: """
                eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6IjdSZHhWS2hpQ3RxRVJHYlBWc244V2RYYk5xe\
                DRBMXZxWi0xQUJFRzM1d28ifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYmV\
                uY2giLCJhdWQiOiJodHRwczovL2JlbmNoLmV4YW1wbGUvbWNwIiwicm9sZSI6ImFkbWluIiwid29ya3Nw\
                YWNlIjoiYmVuY2giLCJpYXQiOjE3NjQyMzA0MDAsImV4cCI6MTc2NDIzNDAwMCwianRpIjoiMDAwMDAwM\
                DAiLCJuYmYiOjE3NjQyMzA0MDB9.wKQUAB4jDbHW3Lk0yzi0LMklfpR0tzziTIaiTYkdEM8xg7FAPpqkA\
                gWEu1XwYRHkh0X9OxbA9uz8foolEOqLDw
                """
        ),
    ]
}
